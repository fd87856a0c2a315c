#include "shim.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <opencv2/aruco.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

namespace {

char *message(const std::string &s) {
  char *m = static_cast<char *>(std::malloc(s.size() + 1));
  if (m != nullptr) std::memcpy(m, s.c_str(), s.size() + 1);
  return m;
}

// guarded runs f and turns whatever it throws into a message.
template <typename F>
char *guarded(F f) {
  try {
    f();
    return nullptr;
  } catch (const cv::Exception &e) {
    return message(e.err.empty() ? std::string(e.what()) : e.func + ": " + e.err);
  } catch (const std::exception &e) {
    return message(e.what());
  } catch (...) {
    return message("unknown C++ exception");
  }
}

cv::Mat over(const void *data, int w, int h, int type, size_t step) {
  return cv::Mat(h, w, type, const_cast<void *>(data), step);
}

// Writes img (1, 3 or 4 channels of 8 bits, OpenCV's channel order) as opaque
// RGBA; transparent pixels lie on white.
void to_rgba(const cv::Mat &img, cv::Mat &dst) {
  switch (img.channels()) {
    case 1:
      cv::cvtColor(img, dst, cv::COLOR_GRAY2RGBA);
      return;
    case 3:
      cv::cvtColor(img, dst, cv::COLOR_BGR2RGBA);
      return;
    case 4:
      break;
    default:
      CV_Error(cv::Error::StsUnsupportedFormat, "unexpected number of channels");
  }
  for (int y = 0; y < img.rows; y++) {
    const uint8_t *s = img.ptr<uint8_t>(y);
    uint8_t *d = dst.ptr<uint8_t>(y);
    for (int x = 0; x < img.cols; x++, s += 4, d += 4) {
      const int a = s[3], white = 255 * (255 - a) + 127;
      d[0] = static_cast<uint8_t>((s[2] * a + white) / 255);
      d[1] = static_cast<uint8_t>((s[1] * a + white) / 255);
      d[2] = static_cast<uint8_t>((s[0] * a + white) / 255);
      d[3] = 255;
    }
  }
}

int read_flags(int reduce, int alpha) {
  switch (reduce) {
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2 | cv::IMREAD_IGNORE_ORIENTATION;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4 | cv::IMREAD_IGNORE_ORIENTATION;
    case 8:
      return cv::IMREAD_REDUCED_COLOR_8 | cv::IMREAD_IGNORE_ORIENTATION;
    default:
      return alpha ? cv::IMREAD_UNCHANGED
                   : cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
  }
}

cv::Mat bgr_of(const uint8_t *src, int w, int h, size_t step) {
  cv::Mat bgr;
  cv::cvtColor(over(src, w, h, CV_8UC4, step), bgr, cv::COLOR_RGBA2BGR);
  return bgr;
}

// What goes wrong comes back as an error; the terminal belongs to the program.
void silence() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
}

cv::Ptr<cv::aruco::DetectorParameters> marker_parameters() {
  cv::Ptr<cv::aruco::DetectorParameters> p = cv::aruco::DetectorParameters::create();
  // The printed card's quiet zone is an eighth of the marker's side: at the
  // default 0.05 the card's own outline counts as a rival of the marker.
  p->minMarkerDistanceRate = 0.02;
  p->minMarkerPerimeterRate = 0.02;
  p->cornerRefinementMethod = cv::aruco::CORNER_REFINE_NONE;
  return p;
}

// halved is the reduction from which a picture is halved first.
const int halved = 6;

// cover is what one result of a reduction is made of: neighbours from first on,
// each with the share of the result that it fills.
struct cover {
  int first;
  std::vector<float> shares;
};

std::vector<cover> covers(int from, int to) {
  std::vector<cover> all(to);
  const double scale = double(from) / to;
  for (int i = 0; i < to; i++) {
    const double lo = i * scale, hi = (i + 1) * scale;
    all[i].first = static_cast<int>(lo);
    for (int k = all[i].first; k < from && k < hi - 1e-9; k++)
      all[i].shares.push_back(static_cast<float>((std::min(hi, k + 1.0) - std::max(lo, double(k))) / scale));
  }
  return all;
}

// The sum of rows of n values, each times its share: sixteen columns at a time,
// so that what is summed stays in registers.
void add_rows(const cv::Mat &in, const cover &c, float *sum, int n) {
  const size_t rows = c.shares.size();
  const uint8_t *top = in.ptr<uint8_t>(c.first);
  int i = 0;
#if CV_SIMD128
  for (; i + 16 <= n; i += 16) {
    cv::v_float32x4 s0 = cv::v_setzero_f32(), s1 = s0, s2 = s0, s3 = s0;
    for (size_t k = 0; k < rows; k++) {
      cv::v_uint16x8 low, high;
      cv::v_uint32x4 q0, q1, q2, q3;
      cv::v_expand(cv::v_load(top + k * in.step[0] + i), low, high);
      cv::v_expand(low, q0, q1);
      cv::v_expand(high, q2, q3);
      const cv::v_float32x4 share = cv::v_setall_f32(c.shares[k]);
      s0 += share * cv::v_cvt_f32(cv::v_reinterpret_as_s32(q0));
      s1 += share * cv::v_cvt_f32(cv::v_reinterpret_as_s32(q1));
      s2 += share * cv::v_cvt_f32(cv::v_reinterpret_as_s32(q2));
      s3 += share * cv::v_cvt_f32(cv::v_reinterpret_as_s32(q3));
    }
    cv::v_store(sum + i, s0);
    cv::v_store(sum + i + 4, s1);
    cv::v_store(sum + i + 8, s2);
    cv::v_store(sum + i + 12, s3);
  }
#endif
  for (; i < n; i++) {
    sum[i] = 0;
    for (size_t k = 0; k < rows; k++) sum[i] += c.shares[k] * top[k * in.step[0] + i];
  }
}

// Like cv::resize with INTER_AREA, for 8-bit pictures of N channels that become
// smaller along both sides, in a third of its time.
template <int N>
void shrink(const cv::Mat &in, cv::Mat &out) {
  const std::vector<cover> down = covers(in.rows, out.rows), along = covers(in.cols, out.cols);
  cv::parallel_for_(cv::Range(0, out.rows), [&](const cv::Range &r) {
    std::vector<float> sum(static_cast<size_t>(in.cols) * N);
    for (int y = r.start; y < r.end; y++) {
      add_rows(in, down[y], sum.data(), in.cols * N);
      uint8_t *to = out.ptr<uint8_t>(y);
      for (const cover &c : along) {
        float mean[N] = {};
        const float *from = sum.data() + static_cast<size_t>(c.first) * N;
        for (const float share : c.shares)
          for (int n = 0; n < N; n++) mean[n] += share * *from++;
        for (int n = 0; n < N; n++) *to++ = cv::saturate_cast<uint8_t>(mean[n]);
      }
    }
  });
}

}  // namespace

struct cvx_net {
  cv::dnn::Net net;
};

struct cvx_tensors {
  std::vector<std::string> names;
  std::vector<cv::Mat> mats;
};

void cvx_free(void *p) { std::free(p); }
void cvx_set_threads(int n) {
  std::free(guarded([&] { cv::setNumThreads(n); }));
}
int cvx_threads(void) { return cv::getNumThreads(); }

char *cvx_decode(const uint8_t *data, size_t size, int reduce, int alpha,
                 uint8_t *dst, int w, int h, size_t step) {
  return guarded([&] {
    const cv::Mat raw(1, static_cast<int>(size), CV_8UC1, const_cast<uint8_t *>(data));
    cv::Mat img = cv::imdecode(raw, read_flags(reduce, alpha));
    if (img.empty()) CV_Error(cv::Error::StsParseError, "damaged picture data");
    if (img.cols != w || img.rows != h)
      CV_Error(cv::Error::StsUnmatchedSizes, "picture differs in size from its header");
    if (img.depth() == CV_16U) img.convertTo(img, CV_8U, 1.0 / 257);
    if (img.depth() != CV_8U) CV_Error(cv::Error::StsUnsupportedFormat, "unexpected depth");
    cv::Mat out = over(dst, w, h, CV_8UC4, step);
    to_rgba(img, out);
  });
}

char *cvx_resize(const void *src, int sw, int sh, size_t sstep, void *dst,
                 int dw, int dh, size_t dstep, int type, int interpolation) {
  return guarded([&] {
    cv::Mat out = over(dst, dw, dh, type, dstep);
    cv::Mat in = over(src, sw, sh, type, sstep);
    // Means of means are the same means. Halving is the one reduction that
    // OpenCV has quick code for; the last step keeps enough pixels for any ratio.
    while (interpolation == cv::INTER_AREA && in.cols % 2 == 0 && in.rows % 2 == 0 &&
           in.cols >= halved * dw && in.rows >= halved * dh) {
      cv::Mat half;
      cv::resize(in, half, cv::Size(in.cols / 2, in.rows / 2), 0, 0, cv::INTER_AREA);
      in = half;
    }
    const bool half = in.cols == 2 * out.cols && in.rows == 2 * out.rows;
    const bool smaller = interpolation == cv::INTER_AREA && in.cols > out.cols && in.rows > out.rows && !half;
    if (smaller && type == CV_8UC4) return shrink<4>(in, out);
    if (smaller && type == CV_8UC1) return shrink<1>(in, out);
    cv::resize(in, out, out.size(), 0, 0, interpolation);
  });
}

char *cvx_gray(const uint8_t *src, int w, int h, size_t step, uint8_t *dst,
               size_t dstep) {
  return guarded([&] {
    cv::Mat out = over(dst, w, h, CV_8UC1, dstep);
    cv::cvtColor(over(src, w, h, CV_8UC4, step), out, cv::COLOR_RGBA2GRAY);
  });
}

char *cvx_distance(const uint8_t *mask, int w, int h, size_t step, float *dst) {
  return guarded([&] {
    cv::Mat out = over(dst, w, h, CV_32FC1, w * sizeof(float));
    cv::distanceTransform(over(mask, w, h, CV_8UC1, step), out, cv::DIST_L2,
                          cv::DIST_MASK_PRECISE, CV_32F);
  });
}

char *cvx_grabcut(const uint8_t *src, int w, int h, size_t step, uint8_t *mask,
                  size_t mstep, int iterations) {
  return guarded([&] {
    // The colour models start from a random clustering; its generator belongs
    // to the thread, so it is seeded here and not in a call of its own.
    cv::theRNG().state = 0x9e3779b97f4a7c15ULL;
    cv::Mat labels = over(mask, w, h, CV_8UC1, mstep), back, front;
    cv::grabCut(bgr_of(src, w, h, step), labels, cv::Rect(), back, front,
                iterations, cv::GC_INIT_WITH_MASK);
  });
}

char *cvx_inpaint(const uint8_t *src, int w, int h, size_t step,
                  const uint8_t *mask, size_t mstep, double radius,
                  uint8_t *dst, size_t dstep) {
  return guarded([&] {
    cv::Mat filled, out = over(dst, w, h, CV_8UC4, dstep);
    cv::inpaint(bgr_of(src, w, h, step), over(mask, w, h, CV_8UC1, mstep),
                filled, radius, cv::INPAINT_TELEA);
    cv::cvtColor(filled, out, cv::COLOR_BGR2RGBA);
  });
}

char *cvx_markers(const uint8_t *src, int w, int h, size_t step, int dictionary,
                  int *ids, float *corners, int max, int *count) {
  *count = 0;
  return guarded([&] {
    std::vector<int> found;
    std::vector<std::vector<cv::Point2f>> quads;
    cv::aruco::detectMarkers(over(src, w, h, CV_8UC1, step),
                             cv::aruco::getPredefinedDictionary(dictionary), quads,
                             found, marker_parameters());
    for (size_t i = 0; i < found.size() && *count < max; i++) {
      if (quads[i].size() != 4) continue;
      ids[*count] = found[i];
      for (int k = 0; k < 4; k++) {
        corners[8 * *count + 2 * k] = quads[i][k].x;
        corners[8 * *count + 2 * k + 1] = quads[i][k].y;
      }
      ++*count;
    }
  });
}

char *cvx_draw_marker(int dictionary, int id, int side, uint8_t *dst) {
  return guarded([&] {
    cv::Mat out = over(dst, side, side, CV_8UC1, side);
    cv::aruco::drawMarker(cv::aruco::getPredefinedDictionary(dictionary), id, side, out, 1);
  });
}

int cvx_dictionary_size(int dictionary) {
  int n = 0;
  std::free(guarded(
      [&] { n = cv::aruco::getPredefinedDictionary(dictionary)->bytesList.rows; }));
  return n;
}

char *cvx_net_load(const uint8_t *model, size_t size, cvx_net **net) {
  *net = nullptr;
  return guarded([&] {
    silence();
    cv::dnn::Net n = cv::dnn::readNetFromONNX(reinterpret_cast<const char *>(model), size);
    if (n.empty()) CV_Error(cv::Error::StsParseError, "model has no layers");
    n.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    n.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    *net = new cvx_net{n};
  });
}

void cvx_net_free(cvx_net *net) {
  std::free(guarded([&] { delete net; }));
}

char *cvx_net_forward(cvx_net *net, const float *input, const int *shape,
                      const char *names, cvx_tensors **out) {
  *out = nullptr;
  return guarded([&] {
    silence();
    std::vector<std::string> wanted;
    for (const char *s = names; *s != 0;) {
      const char *end = std::strchr(s, '\n');
      wanted.push_back(end ? std::string(s, end) : std::string(s));
      s = end ? end + 1 : s + std::strlen(s);
    }
    // The net keeps its input, so it gets a copy of its own.
    net->net.setInput(cv::Mat(4, shape, CV_32F, const_cast<float *>(input)).clone());
    std::vector<cv::Mat> mats;
    net->net.forward(mats, wanted);
    std::vector<cv::Mat> floats(mats.size());
    for (size_t i = 0; i < mats.size(); i++) {
      mats[i].convertTo(floats[i], CV_32F);
      if (!floats[i].isContinuous()) floats[i] = floats[i].clone();
    }
    *out = new cvx_tensors{wanted, floats};
  });
}

int cvx_tensors_count(const cvx_tensors *t) { return static_cast<int>(t->mats.size()); }
const char *cvx_tensors_name(const cvx_tensors *t, int i) { return t->names[i].c_str(); }
int cvx_tensors_dims(const cvx_tensors *t, int i) { return t->mats[i].dims; }
int cvx_tensors_dim(const cvx_tensors *t, int i, int axis) { return t->mats[i].size[axis]; }
const float *cvx_tensors_data(const cvx_tensors *t, int i) { return t->mats[i].ptr<float>(); }
void cvx_tensors_free(cvx_tensors *t) { delete t; }
