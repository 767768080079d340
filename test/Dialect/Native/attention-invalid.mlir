// RUN: tez-opt --split-input-file --verify-diagnostics %s

func.func @attention_c1(%x: memref<?x24xf32>, %k: memref<7x24xf32>, %s: index, %y: memref<?x8xf32>) {
  // expected-error @+1 {{C1: expected operands of rank 2 with static columns and the rows of 'memref<?x8xf32>', found 'memref<7x24xf32>'}}
  native.attention(%x, %k, %x : memref<?x24xf32>, memref<7x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 8, 16>, scale = 1.0 : f64}
  return
}

// -----

func.func @attention_c2(%x: memref<?x24xf32>, %s: index, %y: memref<?x8xf32>) {
  // expected-error @+1 {{C2: 3 heads do not divide 8 columns}}
  native.attention(%x, %x, %x : memref<?x24xf32>, memref<?x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 3 : i64, columns = array<i64: 0, 8, 16>, scale = 1.0 : f64}
  return
}

// -----

func.func @attention_c3(%x: memref<?x24xf32>, %s: index, %y: memref<?x8xf32>) {
  // expected-error @+1 {{C3: expected 8 columns from 17 on, found 'memref<?x24xf32>'}}
  native.attention(%x, %x, %x : memref<?x24xf32>, memref<?x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 8, 17>, scale = 1.0 : f64}
  return
}

// -----

func.func @attention_c3(%x: memref<?x24xf32>, %s: index, %y: memref<?x8xf32>) {
  // expected-error @+1 {{C3: expected three columns, found 2}}
  native.attention(%x, %x, %x : memref<?x24xf32>, memref<?x24xf32>, memref<?x24xf32>) positions(%s) into %y : memref<?x8xf32>
      {heads = 2 : i64, columns = array<i64: 0, 8>, scale = 1.0 : f64}
  return
}
