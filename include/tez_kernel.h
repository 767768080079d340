/*===- tez_kernel.h - Machine code of kernel files, from C ----------------------===*
 *
 * Opens a kernel file that has machine code for this processor and calls it, without torch and
 * without a compiler. Link with -ltez_kernel.
 *
 * Errors: a function that can fail takes `error`, a buffer of `error_size` bytes (or null), and
 * leaves one line there. Threads: one kernel may be called from any number of threads at once.
 *
 *===---------------------------------------------------------------------------===*/

#ifndef TEZ_KERNEL_H
#define TEZ_KERNEL_H

#include <dlpack/dlpack.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tez_kernel tez_kernel;

/** Bytes in memory; the callee copies what it keeps. */
typedef struct {
  const void *data;
  size_t size;
} tez_bytes;

/** Finds a record of a kernel file: "native/plan.json" -> its bytes, data null where there is none.
 */
typedef tez_bytes (*tez_find_record)(void *context, const char *name);

/** Runs task(argument, i) for i in [0, count), in any order, on any threads, and returns when all
 * have ended. */
typedef void (*tez_parallel)(void *context, int64_t count, void (*task)(void *argument, int64_t i),
                             void *argument);

/** How a call may use threads; null or `threads` < 2: the caller's only. The results are the same
 * bits. */
typedef struct {
  tez_parallel run;
  void *context;
  int64_t threads;
} tez_threads;

/** Opens a kernel file and compares every record with the hash in its manifest. Whose file it is
 * must be known otherwise: machine code does what it was written to do. Null on failure. */
tez_kernel *tez_kernel_open(const char *path, char *error, size_t error_size);

/** The same, if `path`.sig is a signature of the file (`tez sign`) by the key whose public half,
 * as PEM, is `public_key`. The file is read once: what is run is what was verified. */
tez_kernel *tez_kernel_open_signed(const char *path, const char *public_key, char *error,
                                   size_t error_size);

/** The same from records that the caller has verified. */
tez_kernel *tez_kernel_create(tez_find_record find, void *context, char *error, size_t error_size);

void tez_kernel_close(tez_kernel *kernel);

size_t tez_kernel_num_inputs(const tez_kernel *kernel);
size_t tez_kernel_num_outputs(const tez_kernel *kernel);

/** Numbers in the last dimension; of an image in the last three. */
int64_t tez_kernel_input_columns(const tez_kernel *kernel, size_t i);
int64_t tez_kernel_output_columns(const tez_kernel *kernel, size_t i);

/** The sizes behind the leading dimensions, `*sizes`, and how many there are: one, the columns, or
 * of an image three, channels, height and width. Valid as long as the kernel. */
size_t tez_kernel_input_sizes(const tez_kernel *kernel, size_t i, const int64_t **sizes);
size_t tez_kernel_output_sizes(const tez_kernel *kernel, size_t i, const int64_t **sizes);

/** How many dimensions there are before those, of inputs and outputs alike; -1: any number.
 */
int tez_kernel_num_leading(const tez_kernel *kernel);

/** The size of leading dimension i; -1: any. */
int64_t tez_kernel_leading(const tez_kernel *kernel, int i);

/** The processor the chosen code is for, "x86-64-v3". */
const char *tez_kernel_cpu(const tez_kernel *kernel);

/** Calls the kernel. All tensors: fp32 in host memory, dense and row-major, [..., columns] or
 * [batch, channels, height, width], the same leading dimensions for all. An output may not share
 * memory with anything. Nothing is written unless all of that holds. 0, or -1 with an error.
 * Allocates nothing once every thread has called a kernel as large. */
int tez_kernel_forward(const tez_kernel *kernel, const DLTensor *const *inputs, size_t num_inputs,
                       DLTensor *const *outputs, size_t num_outputs, const tez_threads *threads,
                       char *error, size_t error_size);

/** As above on dense memory, without a look at it: `rows` is the product of the leading dimensions,
 * `positions` the last of them (1 where there is none). Rows that are no whole samples, where the
 * kernel needs such, are not computed: nothing is written. */
void tez_kernel_forward_rows(const tez_kernel *kernel, const float *const *inputs,
                             float *const *outputs, int64_t rows, int64_t positions,
                             const tez_threads *threads);

#ifdef __cplusplus
}
#endif

#endif /* TEZ_KERNEL_H */
