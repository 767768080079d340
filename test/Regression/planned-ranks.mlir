// REQUIRES: torch
// Planning the trials of this kernel read a trial that the growing list had moved.
// RUN: tez-opt %s --tez-keep-reference --tez-train --tez-validate=checks=outputs -o /dev/null

esper.kernel @k(%x: tensor<?x4xf32>, %b: tensor<?x6xf32>) -> tensor<?x6xf32> attributes {leading_any} {
  %w = esper.param "w" <uniform, -0.5, 0.5> : tensor<6x4xf32>
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  %z = esper.add %y, %b : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
  esper.return %z : tensor<?x6xf32>
}
