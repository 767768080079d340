//===- TapeTest.cpp -------------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

TEST(Tape, FanOutAddsUp) {
  Tape tape;
  Variable x = tape.leaf(tensor({2}, {3, 5}));
  Variable y = multiply(x, add(x, x)); // 2 x^2
  tape.backward({{y, tensor({2}, {1, 10})}});
  EXPECT_EQ(list(gradientIn(tape, x)), (std::vector<double>{12, 200}));
}

TEST(Tape, SharedUpstreamIsNotOverwritten) {
  Tape tape;
  Variable a = tape.leaf(tensor({1}, {1})), b = tape.leaf(tensor({1}, {2}));
  Tensor upstream = tensor({1}, {1});
  tape.backward({{add(a, b), upstream}, {add(a, b), upstream}, {a, upstream}});
  EXPECT_EQ(gradientIn(tape, a)[0], 3);
  EXPECT_EQ(gradientIn(tape, b)[0], 2);
  EXPECT_EQ(upstream[0], 1);
}

TEST(Tape, SameOperandTwice) {
  EXPECT_EQ(gradientOfSum([](const Variable &x) { return add(x, x); }, Tensor::scalar(4))[0], 2);
}

TEST(Tape, UnconnectedIsNotZero) {
  Tape tape;
  Variable x = tape.leaf(Tensor::scalar(1)), y = tape.leaf(Tensor::scalar(-1));
  Variable unused = tape.leaf(Tensor::scalar(1));
  tape.backward({{add(detach(x), relu(y)), Tensor::scalar(1)}});
  EXPECT_FALSE(tape.gradient(x).has_value()) << "detached";
  EXPECT_FALSE(tape.gradient(unused).has_value());
  ASSERT_TRUE(tape.gradient(y).has_value()) << "reached, though the derivative vanishes";
  EXPECT_EQ(gradientIn(tape, y)[0], 0);
}

TEST(Tape, RecordsOnlyWhatIsTracked) {
  Tape tape;
  Variable constant(Tensor::scalar(2));
  EXPECT_FALSE(multiply(constant, constant).tracked());
  EXPECT_EQ(tape.numNodes(), 0u);
  EXPECT_TRUE(multiply(constant, tape.leaf(Tensor::scalar(2))).tracked());
  EXPECT_EQ(tape.numNodes(), 2u);
}

TEST(Tape, SwitchedOffRecordsNothing) {
  Tape tape(/*recording=*/false);
  Variable x = tape.leaf(Tensor::scalar(3));
  Variable y = square(x);
  EXPECT_EQ(y.value()[0], 9);
  EXPECT_EQ(tape.numNodes(), 0u);
  tape.backward({{y, Tensor::scalar(1)}});
  EXPECT_FALSE(tape.gradient(x).has_value());
}

TEST(Tape, KeepsIntermediateGradientsOnRequest) {
  Tape tape;
  Variable x = tape.leaf(Tensor::scalar(3));
  Variable dropped = scale(x, 2), kept = scale(dropped, 5);
  tape.retain(kept);
  tape.backward({{square(kept), Tensor::scalar(1)}});
  EXPECT_EQ(gradientIn(tape, kept)[0], 60);
  EXPECT_FALSE(tape.gradient(dropped).has_value());
  EXPECT_EQ(gradientIn(tape, x)[0], 600);
}

TEST(Tape, DeepChainsNeedNoStack) {
  Tape tape;
  Variable x = tape.leaf(Tensor::scalar(1)), y = x;
  for (int i = 0; i < 200000; ++i)
    y = addScalar(y, 1);
  tape.backward({{y, Tensor::scalar(1)}});
  EXPECT_EQ(gradientIn(tape, x)[0], 1);
}

TEST(Tape, ReleasesClosuresAsItGoes) {
  Tape tape;
  Tensor held = Tensor::scalar(3);
  Variable y = multiply(tape.leaf(Tensor::scalar(2)), held);
  EXPECT_FALSE(held.unique());
  tape.backward({{y, Tensor::scalar(1)}});
  EXPECT_TRUE(held.unique());
}
