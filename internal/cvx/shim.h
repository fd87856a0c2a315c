// C surface over OpenCV. Every function that can fail returns NULL for success
// or a message from malloc that the caller frees with cvx_free; no C++
// exception passes. Pictures are given as data, width, height and row step in
// bytes; type is the OpenCV element type (CV_8UC1, CV_8UC4, CV_32FC1).
#ifndef POINTILLE_CVX_SHIM_H
#define POINTILLE_CVX_SHIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void cvx_free(void *p);
void cvx_set_threads(int n);
int cvx_threads(void);

char *cvx_decode(const uint8_t *data, size_t size, int reduce, int alpha,
                 uint8_t *dst, int w, int h, size_t step);
char *cvx_resize(const void *src, int sw, int sh, size_t sstep, void *dst,
                 int dw, int dh, size_t dstep, int type, int interpolation);
char *cvx_gray(const uint8_t *src, int w, int h, size_t step, uint8_t *dst,
               size_t dstep);
char *cvx_distance(const uint8_t *mask, int w, int h, size_t step, float *dst);
char *cvx_grabcut(const uint8_t *src, int w, int h, size_t step, uint8_t *mask,
                  size_t mstep, int iterations);
char *cvx_inpaint(const uint8_t *src, int w, int h, size_t step,
                  const uint8_t *mask, size_t mstep, double radius,
                  uint8_t *dst, size_t dstep);

// Fills at most max ids and 8*max corner coordinates (x y, four corners each).
char *cvx_markers(const uint8_t *src, int w, int h, size_t step, int dictionary,
                  int *ids, float *corners, int max, int *count);
char *cvx_draw_marker(int dictionary, int id, int side, uint8_t *dst);
int cvx_dictionary_size(int dictionary);

typedef struct cvx_net cvx_net;
typedef struct cvx_tensors cvx_tensors;

char *cvx_net_load(const uint8_t *model, size_t size, cvx_net **net);
void cvx_net_free(cvx_net *net);
// names: '\n'-separated output names.
char *cvx_net_forward(cvx_net *net, const float *input, const int *shape,
                      const char *names, cvx_tensors **out);
int cvx_tensors_count(const cvx_tensors *t);
const char *cvx_tensors_name(const cvx_tensors *t, int i);
int cvx_tensors_dims(const cvx_tensors *t, int i);
int cvx_tensors_dim(const cvx_tensors *t, int i, int axis);
const float *cvx_tensors_data(const cvx_tensors *t, int i);
void cvx_tensors_free(cvx_tensors *t);

#ifdef __cplusplus
}
#endif

#endif
