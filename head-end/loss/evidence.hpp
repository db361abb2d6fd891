/// The evidence sheet of one suspicion: what an inspector takes along, and what he is to look at first.
///
/// A suspicion is a reason to look, never a proof; the sheet says how many honest customers would be
/// suspected at this threshold, what spoke for it in order of weight, what the readings cannot tell, and when
/// the meter is most worth a visit. Unit: kWh. Range: a customer of the area. Errors: none. Randomness: none.
/// Time: intervals of the area.
#pragma once
#include <string>
#include <vector>

#include "head-end/loss/ensemble.hpp"

namespace headend::loss {
struct Evidence {
  std::string detector;
  std::string sentence;
  double p_value = 1;  ///< of this detector alone, against honest customers
  double weight = 0;   ///< part of the score
};

struct EvidenceSheet {
  std::string area, customer;
  double score = 0, threshold = 0;
  double false_alarm_rate = 0;  ///< of the threshold, per honest customer
  std::size_t rank = 0;         ///< in the area, from 1
  std::string likely_kind;      ///< "" when kinds were not learnt
  double reported_kWh = 0;
  double missing_kWh = 0, missing_uncertainty_kWh = 0;  ///< by the regression; standard uncertainty
  double unread_share = 0;                              ///< of the customer's intervals, filled in
  int busiest_hour = 0;                 ///< of the local day, in which most is missing in the area
  std::size_t change_day = 0;           ///< day at which the reports fell most; 0: no such day
  std::vector<Evidence> evidence;       ///< the weightiest first, at most six
  std::vector<std::string> to_look_at;  ///< for the inspector, in order
};

struct Judgement {
  const Detectors* detectors = nullptr;
  const Ensemble* ensemble = nullptr;
  double threshold = 0, false_alarm_rate = 0;
  std::vector<std::string> kinds;  ///< names of the ensemble's kinds; may be empty
};

/// One sheet per customer above the threshold, the highest score first.
std::vector<EvidenceSheet> evidence_sheets(const AreaView& area, const Judgement& judgement);
std::string to_text(const EvidenceSheet& sheet);
std::string to_json(const EvidenceSheet& sheet);
}  // namespace headend::loss
