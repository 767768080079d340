// RUN: tez-opt %s --tez-lint=rules=unused-input --verify-diagnostics

esper.kernel @inputs(
    %x: tensor<?x8xf32>,
    // expected-warning@+1 {{input 'mask' changes no output [unused-input]}}
    %y: tensor<?x8xf32> {esper.name = "mask"},
    // expected-warning@+1 {{input 'input2' changes no output}}
    %z: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = esper.activation "relu" %y : tensor<?x8xf32>
  esper.return %x : tensor<?x8xf32>
}
