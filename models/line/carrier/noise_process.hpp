/// How strong the noise is from one sample to the next: steady, or impulsive after Middleton, with memory.
///
/// Middleton class A ("Statistical-physical models of electromagnetic interference", IEEE Trans. EMC-19,
/// 1977): a sample sees m impulses at once with probability e^-A A^m / m!, and is then Gaussian with variance
///     sigma_m^2 = sigma^2 (m / A + G) / (1 + G),
/// A the impulsive index (impulses a sample), G the ratio of background to impulsive power. `sigma^2` is the
/// total variance, so the mean over m is the same as of steady noise: curves over Eb/N0 compare.
/// Impulses on a mains line last (Zimmermann and Dostert, "Analysis and modeling of impulsive noise in
/// broad-band powerline communications", IEEE Trans. EMC-44, 2002): with a mean burst of L samples the state
/// m is kept with probability 1 - 1/L and else drawn anew (Markov-Middleton, Ndo, Labeau, Kassouf 2013),
/// which leaves the distribution of one sample as it is.
/// Unit: standard deviation as a multiple of the steady one. Range: A > 0, G > 0, L >= 1. Errors: none
/// (checked by whoever reads the figures). Randomness: the GaussianSource it is given. Time: a sample a call.
#pragma once
#include <vector>

#include "models/line/carrier/gaussian.hpp"

namespace model::carrier {
struct NoiseSetup {
  bool is_impulsive = false;
  double impulsive_index = 0.1;   ///< A
  double background_ratio = 0.1;  ///< G ("Gamma")
  double burst_samples = 1;       ///< L
};

/// sigma_m / sigma of Middleton class A.
double class_a_deviation(const NoiseSetup& setup, int impulses);
/// e^-A A^m / m!
double class_a_chance(const NoiseSetup& setup, int impulses);

class NoiseProcess {
 public:
  NoiseProcess(const NoiseSetup& setup, GaussianSource& source);

  /// Standard deviation of the next sample.
  double next_deviation() {
    if (!is_impulsive_) return 1;
    if (keep_below_ == 0 || source_.next_word() >= keep_below_) draw();
    return deviations_[impulses_];
  }
  /// Of a sample that is made of `samples` in a row, as one carrier of a Fourier transform is.
  double next_mean_deviation(int samples);
  double normal() { return source_.normal(); }
  GaussianSource& source() { return source_; }

 private:
  void draw();

  GaussianSource& source_;
  bool is_impulsive_;
  std::uint64_t keep_below_ = 0;        ///< of 2^64
  std::vector<std::uint64_t> at_most_;  ///< chance of up to m impulses, of 2^64
  std::vector<double> deviations_;
  std::size_t impulses_ = 0;
};
}  // namespace model::carrier
