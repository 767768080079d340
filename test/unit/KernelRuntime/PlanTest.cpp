//===- PlanTest.cpp - Records that a kernel is opened from ----------------===//

#include "Records.h"
#include <nlohmann/json.hpp>

using namespace tez;
using namespace tez::test;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char *planName = "native/plan.json";

/// The error after a change of the plan.
template <typename Change>
std::string errorAfter(Change change, Records records = twoLayerRecords()) {
  Json plan = Json::parse(records.all[planName]);
  change(plan);
  records.all[planName] = plan.dump();
  return records.open() ? "opened" : records.error;
}

TEST(Plan, OpensTheFirstVariantThatRuns) {
  Records records = twoLayerRecords({"neoverse-v1", "native"});
  KernelPointer kernel = records.open();
  ASSERT_TRUE(kernel) << records.error;
  EXPECT_STREQ(tez_kernel_cpu(kernel.get()), native::findTarget("native")->name.c_str());
  EXPECT_EQ(tez_kernel_input_columns(kernel.get(), 0), 5);
  EXPECT_EQ(tez_kernel_output_columns(kernel.get(), 0), 3);
}

TEST(Plan, NamesTheCodeThereIs) {
  Records records = twoLayerRecords({"neoverse-v1"});
  EXPECT_FALSE(records.open());
  EXPECT_EQ(records.error, "no machine code for this processor, found code for neoverse-v1");
}

TEST(Plan, EveryPartOfALevelMustBeThere) {
  std::string own = native::findTarget("native")->level;
  auto errorOf = [](const std::string &level) {
    return errorAfter([&](Json &plan) { plan["variants"][0]["level"] = level; });
  };
  EXPECT_EQ(errorOf(own), "opened");
  for (const std::string &level : {own + "+magic", own + "+", std::string("magic+") + own})
    EXPECT_THAT(errorOf(level), HasSubstr("no machine code for this processor")) << level;
}

TEST(Plan, RefusesWhatIsNoPlan) {
  Records records;
  EXPECT_FALSE(records.open());
  EXPECT_EQ(records.error, "the kernel file has no machine code");
  records.all[planName] = "{]";
  EXPECT_FALSE(records.open());
  EXPECT_THAT(records.error, HasSubstr("native/plan.json: "));
}

TEST(Plan, RefusesNumbersOutOfRange) {
  EXPECT_EQ(errorAfter([](Json &) {}), "opened");
  EXPECT_THAT(errorAfter([](Json &plan) { plan["format"] = 1; }),
              HasSubstr("of format 1, expected 3"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["leading"] = {-2}; }),
              HasSubstr("leading dimensions out of range"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["samples"] = true; }),
              HasSubstr("samples without two leading dimensions"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["scratch_numbers"] = -1; }),
              HasSubstr("scratch_numbers out of range"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["inputs"][0]["columns"] = 0; }),
              HasSubstr("columns out of range"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["inputs"] = Json::array(); }),
              HasSubstr("native/plan.json"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["entry"] = 1 << 30; }),
              HasSubstr("entry lies outside"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["block_rows"] = 0; }),
              HasSubstr("out of range"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["code"] = "native/none"; }),
              HasSubstr("no record native/none"));
  EXPECT_THAT(errorAfter([](Json &plan) {
                for (Json &argument : plan["variants"][0]["arguments"])
                  if (argument["kind"] == "weight")
                    argument["offset"] = 1 << 30;
              }),
              HasSubstr("a weight lies outside"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["arguments"][0]["index"] = 7; }),
              HasSubstr("an input that there is none of"));
  EXPECT_THAT(errorAfter([](Json &plan) { plan["variants"][0]["arguments"][0]["kind"] = "file"; }),
              HasSubstr("an argument of kind \"file\""));
}

TEST(Plan, RefusesImagesOfOtherSizes) {
  EXPECT_EQ(errorAfter([](Json &) {}, imageRecords()), "opened");
  for (const Json &image : {Json{2, 5}, Json{2, 5, 6}, Json{-2, 5, -5}, Json{2, 5, 5, 1}})
    EXPECT_THAT(errorAfter([&](Json &plan) { plan["inputs"][0]["image"] = image; }, imageRecords()),
                HasSubstr("an image of other sizes than its columns"))
        << image;
  EXPECT_THAT(errorAfter([](Json &plan) { plan["leading"] = {-1, -1}; }, imageRecords()),
              HasSubstr("images without one leading dimension"));
}

} // namespace
