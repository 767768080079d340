/* Runs a kernel file without torch: one call on rows that are all ones.
 *   cc run.c -I../../../include -L../../../build/lib -ltez_kernel -Wl,-rpath,../../../build/lib -o run
 *   tez compile ../linear.json --for=infer --tier=aggressive -o k.pt && ./run k.pt 3 */
#include "tez_kernel.h"
#include <stdio.h>
#include <stdlib.h>

static DLTensor tensor(float *data, int64_t *shape) {
  return (DLTensor){data, {kDLCPU, 0}, 2, {kDLFloat, 32, 1}, shape, NULL, 0};
}

int main(int argc, char **argv) {
  char error[256];
  tez_kernel *kernel = argc > 2 ? tez_kernel_open(argv[1], error, sizeof error) : NULL;
  if (!kernel)
    return fprintf(stderr, "%s\n", argc > 2 ? error : "usage: run K.pt ROWS"), 1;
  int64_t rows = atoll(argv[2]);
  int64_t in[2] = {rows, tez_kernel_input_columns(kernel, 0)}, out[2] = {rows, tez_kernel_output_columns(kernel, 0)};
  float *x = malloc(sizeof(float) * in[0] * in[1]), *y = malloc(sizeof(float) * out[0] * out[1]);
  for (int64_t i = 0; i < in[0] * in[1]; ++i)
    x[i] = 1;
  DLTensor input = tensor(x, in), output = tensor(y, out);
  const DLTensor *inputs[] = {&input};
  DLTensor *outputs[] = {&output};
  if (tez_kernel_forward(kernel, inputs, 1, outputs, 1, NULL, error, sizeof error))
    return fprintf(stderr, "%s\n", error), 1;
  for (int64_t i = 0; i < out[0]; ++i)
    printf("%.9g %.9g\n", y[i * out[1]], y[i * out[1] + out[1] - 1]);
  tez_kernel_close(kernel);
  return 0;
}
