/// A head-end in virtual time with everybody who pushes readings to it: concentrators that report, managers
/// that upload.
///
/// The scene owns time; nobody here does anything by himself. `crash` is a power cut, `restart_after` opens
/// the same store again.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "head-end/head_end.hpp"
#include "protocols/modbus/tcp.hpp"
#include "tests/head-end/talk/scene.hpp"

namespace talk_test {
/// What a report of a concentrator says: the truth (`register_of`) of these points unless told otherwise.
struct CurveFrame {
  unsigned counter = 0;
  Instant due;
  int count = 1;  ///< quarter hours from `due` on
  std::vector<int> points = {1};
  bool must_confirm = true;
  std::uint8_t density = gdw3761::density_15min;
  std::set<int> missing = {};     ///< points that say EE
  std::int64_t off_centikWh = 0;  ///< what all values are wrong by
  std::uint16_t terminal = 0;     ///< claims to come from this one
};
std::vector<std::uint8_t> curve_report(const Configuration& configuration, std::size_t position,
                                       const CurveFrame& frame);
/// A frame of any AFN around any units, asking for a confirmation.
std::vector<std::uint8_t> raw_report(const Configuration& configuration, std::size_t position,
                                     gdw3761::Afn afn, unsigned counter, core::Bytes units);
/// The meter's own answer, passed on.
std::vector<std::uint8_t> passed_on_report(const Configuration& configuration, std::size_t position,
                                           MeterId meter, Instant due, unsigned counter);
std::vector<std::uint8_t> passed_on_payload(const Configuration& configuration, std::size_t position,
                                            core::Bytes payload, unsigned counter);
/// The meter's DL/T 645 answer itself.
std::vector<std::uint8_t> load_record_answer(const Configuration& configuration, MeterId meter, Instant due);

struct IngestWorld {
  explicit IngestWorld(Instant start) : clock(start), uplinks(clock), counter(clock), managers(clock) {}
  ~IngestWorld() { clock.kill(); }
  seam::VirtualClock clock;
  seam::VirtualListener uplinks, counter, managers;
};

/// Somebody on one connection, who keeps what he hears.
class Caller : public seam::FarEnd {
 public:
  /// False: the door is closed.
  bool dial(IngestWorld& world, seam::VirtualListener& door, const std::string& name);
  void say(core::Bytes bytes) { line_.deliver(bytes); }
  void hang_up() { line_.close(); }
  bool is_connected() const { return line_.is_open(); }
  void head_end_closed() override { ++closes_seen; }
  int closes_seen = 0;

 protected:
  Instant now() const { return world_->clock.now(); }

 private:
  IngestWorld* world_ = nullptr;
  seam::VirtualField line_;
};

/// A concentrator's end of the uplink. Does as it is told (archive, clock) and has nothing to tell by itself.
class ReportCaller final : public Caller {
 public:
  struct Answer {
    unsigned counter;
    bool is_good;
    Instant at;
  };
  void head_end_wrote(core::Bytes bytes) override;
  std::vector<Answer> answers;  ///< confirmations and denials, also of logins
  int questions = 0;            ///< everything else; answered at once
  std::size_t good() const;
  std::size_t denied() const { return answers.size() - good(); }

 private:
  gdw3761::Framer framer_;
};

/// A manager's end of the Modbus port.
class UploadCaller final : public Caller {
 public:
  struct Answer {
    std::uint16_t transaction;
    modbus::tcp::Exception exception;
    Instant at;
  };
  void head_end_wrote(core::Bytes bytes) override;
  std::vector<Answer> answers;
  bool has_heard_garbage = false;

 private:
  std::vector<std::uint8_t> partial_;
};

/// Registers by (meter, quarter hours since the estate opened).
using Stored = std::map<std::pair<MeterId, std::int64_t>, std::uint32_t>;

class IngestScene {
 public:
  explicit IngestScene(Configuration its_configuration);
  ~IngestScene();
  IngestScene(const IngestScene&) = delete;
  IngestScene& operator=(const IngestScene&) = delete;

  void start();
  void crash();
  void restart_after(Duration down);
  void run_for(Duration d) { world_->clock.advance_by(d); }
  void settle() { world_->clock.settle(); }
  Instant now() const { return world_->clock.now(); }
  IngestWorld& world() { return *world_; }
  headend::HeadEnd& head_end() { return *head_end_; }
  const headend::IngestStatistics& ingest() const { return head_end_->ingest_statistics(); }
  /// Dials and logs in; the greeting's answers are taken off again.
  void greet(ReportCaller& caller, std::size_t position);
  void greet(UploadCaller& caller, std::size_t position);
  /// The committed store as another process would see it; a reading that is there twice fails the test.
  Stored stored() const;
  std::int64_t committed(const std::string& query) const;
  const std::filesystem::path& folder() const { return folder_; }
  std::uint32_t truth(MeterId meter, std::int64_t quarter) const;
  Instant due(std::int64_t quarter) const { return configuration.opens + quarter * 15min; }

  Configuration configuration;

 private:
  std::filesystem::path folder_;
  Instant started_at_;
  std::unique_ptr<IngestWorld> world_;
  std::unique_ptr<headend::HeadEnd> head_end_;
};

/// Ten meters behind the first concentrator (two groups of points), three behind each other; all push.
Configuration pushing_estate(int concentrators = 2);
std::vector<std::uint8_t> login_of(const Configuration& configuration, std::size_t position,
                                   gdw3761::LinkEvent event = gdw3761::LinkEvent::login);
std::vector<std::uint8_t> write_of(std::uint16_t transaction, std::uint16_t window,
                                   const std::vector<std::uint16_t>& registers);
/// A manager's upload of the truth: `count` points from `first` on at `due`.
std::vector<std::uint16_t> upload_of(const Configuration& configuration, std::size_t position, Instant due,
                                     int first, int count);
}  // namespace talk_test
