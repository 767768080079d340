// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

esper.kernel @dropout_c1(%x: tensor<?x8xf32>) {
  %t = esper.flag true
  // expected-error @below {{p must be in [0, 1], found 1.5}}
  %y = esper.dropout element(1.500000e+00) %x, %t : tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @dropout_c1(%x: tensor<?x8xf32>) {
  %t = esper.flag true
  // expected-error @below {{p must be in [0, 1], found -}}
  %y = esper.dropout alpha(-1.000000e-01) %x, %t : tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @dropout_c2(%x: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{feature dropout takes an input of rank >= 2, found (8)}}
  %y = esper.dropout feature(5.000000e-01) %x, %t : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @noise_c1(%x: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{std must be a number >= 0, found -1}}
  %y = esper.noise(-1.000000e+00) %x, %t {training_only = true} : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @rrelu_c1(%x: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{lower and upper must be finite and ascend, found 5.000000e-01 and 2.500000e-01}}
  %y = esper.rrelu(5.000000e-01, 2.500000e-01) %x, %t : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @rrelu_c1(%x: tensor<8xf32>) {
  %t = esper.flag true
  // expected-error @below {{lower and upper must be finite and ascend}}
  %y = esper.rrelu(5.000000e-01, 0x7FF0000000000000) %x, %t : tensor<8xf32>
  esper.return
}
