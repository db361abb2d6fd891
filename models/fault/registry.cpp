#include "models/fault/registry.hpp"

#include <algorithm>
#include <array>

#include "core/check.hpp"

namespace model {
namespace {
constexpr std::uint32_t place = fault_area, frames = fault_chance | fault_nth | fault_frame;
constexpr std::uint32_t one_meter = fault_area | fault_meter;
constexpr std::uint32_t on_section = fault_area | fault_section | fault_phases;
constexpr const char* unregistered = "Wh that passed and were not registered";

constexpr FaultEntry entries[] = {
    {FaultKind::supply_outage, "supply-outage", "power cut, feeder trip", "停电", FaultSite::area,
     place | fault_meter, 0, "no mains: of one meter, or of a whole area with its concentrator",
     "supply-lost at the meters; nothing answers; counts 1",
     "mains come back, meters keep their clocks and registers, gaps are filled from their load records",
     "supply-lost", "supply-restored"},
    {FaultKind::uplink_outage, "uplink-outage", "base station down, no GPRS coverage", "基站退服",
     FaultSite::uplink, place, 0, "nothing passes an area's GPRS link and its connection dies",
     "connections killed, segments delayed, attempts that failed",
     "the concentrator logs in again after a drawn pause and hands over what it kept", "uplink-lost",
     "uplink-restored"},
    {FaultKind::concentrator_restart, "concentrator-restart", "hung concentrator, watchdog reset",
     "集中器重启", FaultSite::collector, place, 0,
     "a concentrator is down: connection and memory lost, archive and stored curves kept",
     "logged-out; its meters are not read; counts 1",
     "it logs in again and fetches the quarter hours it missed from the meters' load records",
     "concentrator-down", "concentrator-restarted"},
    {FaultKind::head_end_crash, "head-end-crash", "server crash", "主站宕机", FaultSite::head_end, 0, 0,
     "the head-end dies without warning and starts again on its store", "crashed and restarted of head-end",
     "it goes on from what was committed; concentrators log in again", "crashed", "restarted"},
    {FaultKind::line_noise, "line-noise", "noise on the bus, bad shielding", "线路干扰", FaultSite::line,
     place | fault_bit_error, fault_bit_error, "bits flip on all RS-485 lines of an area",
     "transmissions that did not arrive as they were sent",
     "frames are asked for again; missed quarter hours come from the load records", "noise-began",
     "noise-ended"},
    {FaultKind::meter_silent, "meter-silent", "dead meter, meter does not answer", "表计无应答",
     FaultSite::meter, place | fault_meter, 0, "a meter hears nothing on its line, or every meter of an area",
     "requests that the deaf meter missed",
     "the back-off ends (at most 7 passes), its load records fill the gap", "silence-began", "silence-ended"},
    {FaultKind::collector_power_loss, "collector-power-loss", "collector's own supply lost, blown fuse",
     "集中器掉电", FaultSite::collector, place, 0,
     "a concentrator loses its mains while its meters keep theirs; a UPS carries it for `ups`",
     "longer than the UPS lasts: logged-out; always counts 1", "as after a restart", "collector-power-lost",
     "collector-power-restored"},
    {FaultKind::firmware_restart, "firmware-restart", "firmware update, remote reboot", "固件升级重启",
     FaultSite::collector, place, 0,
     "a concentrator reboots into new firmware: as a restart, and it distrusts its clock until it is told "
     "the time",
     "logged-out; no time broadcast to meters before the head-end has set the clock; counts 1",
     "as after a restart; the head-end sets its clock", "firmware-restarting", "firmware-restarted"},
    {FaultKind::stale_cache, "stale-cache", "restart with a stale cache, flash not written", "重启后缓存陈旧",
     FaultSite::collector, place | fault_age, fault_age,
     "a concentrator is down and comes back with the readings it had `age` before",
     "stored readings that are gone", "what is gone is read from the meters' load records again",
     "cache-went-stale", "cache-restored"},
    {FaultKind::store_overflow, "store-overflow", "buffer overflow, flash full", "存储溢出",
     FaultSite::collector, place | fault_count, fault_count,
     "only the latest `count` quarter hours fit into a concentrator's store",
     "stored readings that were pushed out",
     "there is room again: what was pushed out is read from the load records", "store-shrunk",
     "store-restored"},
    {FaultKind::clock_step, "clock-step", "collector clock jumped, wrong time set", "终端时钟跳变",
     FaultSite::collector, place | fault_step, fault_step, "a concentrator's clock jumps by `step`",
     "it reads at wrong moments; counts 1 when the clock did jump",
     "the head-end sets the clock at a login; at the end of the window it is put right", "clock-stepped",
     "clock-step-ended"},
    {FaultKind::clock_drift, "clock-drift", "collector clock drifts, bad crystal", "终端时钟漂移",
     FaultSite::collector, place | fault_step, fault_step,
     "a concentrator's clock gains `step` a day more than usual (negative: loses)",
     "its passes begin early or late; counts 1",
     "the crystal is exchanged; the error that has built up stays until the head-end sets the clock",
     "drift-began", "drift-ended"},
    {FaultKind::schedule_change, "schedule-change", "collection schedule changed in flight", "采集方案变更",
     FaultSite::collector, place | fault_delay, fault_delay,
     "a concentrator's pause after the quarter hour becomes `delay`, from the pass under way on",
     "passes that began at the changed time", "the former pause is set again; no reading is lost",
     "schedule-changed", "schedule-restored"},
    {FaultKind::event_storm, "event-storm", "flood of event reports after a mass outage", "事件上报风暴",
     FaultSite::collector, place | fault_count, fault_count,
     "a concentrator sends `count` unasked event reports as fast as its uplink takes them",
     "reports written into the uplink", "they drain; answers come late but come", "storm-began",
     "storm-ended"},
    {FaultKind::frame_lost, "frame-lost", "request lost on the way", "丢帧", FaultSite::line,
     place | fault_meter | fault_line | frames, 0,
     "requests to meters vanish: by `chance`, the `nth`, or `every_nth`, of one `frame` type",
     "requests that vanished", "the collector's time-out passes and it asks again", "frame-loss-began",
     "frame-loss-ended"},
    {FaultKind::frame_garbled, "frame-garbled", "bad checksum, damaged answer", "误码帧", FaultSite::line,
     place | fault_meter | fault_line | frames, 0,
     "answers of meters arrive with a damaged byte: by `chance`, the `nth`, or `every_nth`",
     "answers that were damaged", "the checksum refuses them and the collector asks again", "garbling-began",
     "garbling-ended"},
    {FaultKind::uplink_drop, "uplink-drop", "PPP drop, PDP context deactivated by the network",
     "PDP去激活掉线", FaultSite::uplink, place, 0, "the network closes an area's connection at once",
     "connections that died", "the concentrator connects again after a drawn pause", "uplink-dropped",
     "uplink-drop-ended"},
    {FaultKind::line_burst, "line-burst", "contactor, welding machine, frequency converter", "突发干扰",
     FaultSite::line, place | fault_line | fault_chance | fault_count, fault_chance,
     "characters are lost in bursts: the share `chance` in the long run, `count` in a row on average (20)",
     "characters that met a burst", "frames are asked for again once the burst is over", "bursts-began",
     "bursts-ended"},
    {FaultKind::line_broken, "line-broken", "broken pair, open bus", "485断线", FaultSite::line,
     place | fault_line | fault_count, 0,
     "a pair is broken: only the `count` meters next to the concentrator are reached (0)",
     "requests and answers that did not pass the break",
     "the pair is mended; load records fill the gaps of the meters behind it", "pair-broken", "pair-mended"},
    {FaultKind::line_swapped, "line-swapped", "A and B swapped", "AB接反", FaultSite::line,
     place | fault_line | fault_meter, 0,
     "A and B are swapped at one meter, or at the concentrator's port: every level is inverted",
     "requests and answers that were inverted", "the wires are put right", "pair-swapped", "pair-righted"},
    {FaultKind::line_unbiased, "line-unbiased", "no bias resistors, floating bus", "无偏置电阻",
     FaultSite::line, place | fault_line | fault_chance, fault_chance,
     "an idle pair floats: with `chance` a false start bit misreads a frame's beginning",
     "transmissions whose beginning was misread", "bias resistors are fitted; lead-in bytes help until then",
     "bias-lost", "bias-fitted"},
    {FaultKind::line_echo, "line-echo", "converter hears itself", "485回显", FaultSite::line,
     place | fault_line, 0, "the concentrator hears its own requests in front of each answer",
     "own requests that it heard", "it takes no request for an answer", "echo-began", "echo-ended"},
    {FaultKind::babbling_node, "babbling-node", "node talks without being asked", "节点常发", FaultSite::line,
     place | fault_line | fault_delay, 0,
     "a node chatters for `delay` (200ms) in every ten seconds and destroys what it overlaps",
     "characters that the chatter destroyed", "the node is taken off; frames are asked for again",
     "babble-began", "babble-ended"},
    {FaultKind::driver_clipped, "driver-clipped", "direction switched too early", "收发方向切换过早",
     FaultSite::line, place | fault_line | fault_delay, fault_delay,
     "the concentrator's driver lets go `delay` before its last bit has passed",
     "characters that were cut off", "the switching time is set right", "clipping-began", "clipping-ended"},
    {FaultKind::station_noise, "station-noise", "far end of the bus, bad clamp", "末端信号弱",
     FaultSite::meter, fault_area | fault_meter | fault_bit_error, fault_meter | fault_bit_error,
     "bits flip to and from one meter only", "requests and answers that were spoilt there",
     "frames are asked for again; the clamp is tightened", "station-noise-began", "station-noise-ended"},
    {FaultKind::double_address, "double-address", "two meters with one address", "表号重复", FaultSite::meter,
     fault_area | fault_meter | fault_other, fault_meter | fault_other,
     "`meter` answers to the address of `other` on the same line as well: both speak at once",
     "answers under somebody else's address",
     "the address is set right; quarter hours of the true owner come from its load records",
     "address-doubled", "address-righted"},
    {FaultKind::answer_late, "answer-late", "slow meter, answer after the time-out", "应答迟到",
     FaultSite::meter, place | fault_meter | fault_chance | fault_delay, fault_delay,
     "answers come `delay` later than usual, into somebody else's exchange", "answers that came late",
     "late answers are known by address, item and time and dropped, never taken for another's",
     "lateness-began", "lateness-ended"},
    {FaultKind::carrier_noise, "carrier-noise", "loud mains, cheap power supplies", "载波干扰",
     FaultSite::line, place | fault_noise, fault_noise,
     "noise on an area's mains rises by `noise_dB` for carrier modules", "frames lost to injected noise",
     "relays and retries until then; quarter hours come from load records", "carrier-noise-began",
     "carrier-noise-ended"},
    {FaultKind::carrier_module_off, "carrier-module-off", "dead carrier module", "载波模块故障",
     FaultSite::meter, place | fault_meter, 0,
     "a carrier module is dead: its meter is not reached, and it relays for nobody",
     "frames lost at a dead module, its own or a relay's",
     "others take another relay; the module joins again when it is exchanged", "module-off", "module-on"},
    {FaultKind::nat_timeout, "nat-timeout", "operator's NAT forgets the connection", "NAT超时",
     FaultSite::uplink, place, 0,
     "the operator's address translator forgets an area's connection; whoever sends next finds out",
     "sendings into a connection that was gone", "the concentrator connects anew after a pause", "nat-forgot",
     "nat-timeout-ended"},
    {FaultKind::cell_crowded, "cell-crowded", "reconnect storm, crowded cell", "小区拥塞，集中重连",
     FaultSite::uplink, place | fault_count, fault_count,
     "`count` other terminals of the cell try to get in at the same time",
     "attempts that lost the contention", "pauses grow and spread the attempts; the crowd gets in",
     "cell-crowded", "cell-free"},
    {FaultKind::theft_bypass, "theft-bypass", "jumper around the meter, one-wire theft", "跨接窃电",
     FaultSite::meter, one_meter | fault_share, fault_meter,
     "`share` of what a customer draws passes around the meter (all of it)", unregistered,
     "the jumper is taken off; what passed stays unbilled", "bypass-began", "bypass-ended"},
    {FaultKind::theft_shunt, "theft-shunt", "shunt inside the meter", "表内分流", FaultSite::meter,
     one_meter | fault_share, fault_meter,
     "the cover is opened and `share` of the current is led past the sensor", unregistered,
     "the shunt is found and taken out; the meter keeps its record of the open cover", "shunt-began",
     "shunt-ended"},
    {FaultKind::theft_magnet, "theft-magnet", "magnet on the meter", "强磁窃电", FaultSite::meter,
     one_meter | fault_share, fault_meter,
     "a magnet saturates the current sensor: the share that is lost grows with the load, `share` at Ib",
     unregistered, "the magnet is taken away", "magnet-began", "magnet-ended"},
    {FaultKind::theft_reversed, "theft-reversed", "reversed current, swapped in and out", "进出线反接",
     FaultSite::meter, one_meter, fault_meter,
     "the current flows backwards through the meter: its reverse register counts, not the one that is billed",
     "Wh that passed, twice: not registered, and registered the other way", "the leads are put right",
     "reversal-began", "reversal-ended"},
    {FaultKind::theft_neutral, "theft-neutral", "missing neutral, earth return", "断零窃电", FaultSite::meter,
     one_meter, fault_meter, "the meter has no voltage: it shows 0 V and counts nothing", unregistered,
     "the neutral is connected again", "neutral-lost", "neutral-restored"},
    {FaultKind::theft_ct_shorted, "theft-ct-shorted", "shorted current transformer", "短接电流互感器",
     FaultSite::meter, one_meter | fault_share, fault_meter,
     "`share` of the secondary current closes before it reaches the meter", unregistered,
     "the short is opened", "ct-short-began", "ct-short-ended"},
    {FaultKind::theft_capped, "theft-capped", "meter never shows more than so much", "限值窃电",
     FaultSite::meter, one_meter | fault_power, fault_meter | fault_power,
     "what a customer draws above `power` is not seen by his meter", unregistered, "it sees all again",
     "capping-began", "capping-ended"},
    {FaultKind::theft_wavering, "theft-wavering", "now and then a bypass, never the same", "间歇窃电",
     FaultSite::meter, one_meter | fault_share, fault_meter,
     "each quarter hour another share is lost, from nothing to `share`, drawn", unregistered,
     "nothing is lost any more", "wavering-began", "wavering-ended"},
    {FaultKind::theft_hook, "theft-hook", "hook on the service cable", "挂钩窃电", FaultSite::meter,
     one_meter | fault_power, fault_meter | fault_power,
     "`power` is drawn before the meter, also while its relay is open", unregistered, "the hook is taken off",
     "hook-began", "hook-ended"},
    {FaultKind::theft_feed, "theft-feed", "neighbour on somebody's socket", "私拉转供电", FaultSite::meter,
     one_meter | fault_other | fault_share, fault_meter | fault_other,
     "`meter` feeds `share` of what `other` draws: each register is right, and the wrong customer pays",
     "counts 1; no energy is hidden", "the cable between them is taken off", "feed-began", "feed-ended"},
    {FaultKind::theft_rollback, "theft-rollback", "register set back", "倒表", FaultSite::meter,
     one_meter | fault_energy, fault_meter | fault_energy,
     "the registers go back by `energy`, not below zero, and stay back", "Wh that the register lost",
     "it counts on from there; readings below earlier ones are held for a person to look at",
     "register-set-back", "set-back-ended"},
    {FaultKind::cover_open, "cover-open", "meter cover opened", "开表盖", FaultSite::meter, one_meter,
     fault_meter, "a meter's cover is opened: it keeps a record and measures on", "counts 1",
     "the cover is closed", "cover-opened", "cover-closed"},
    {FaultKind::slow_drift, "slow-drift", "ageing meter, drifting sensor", "计量漂移", FaultSite::meter,
     one_meter | fault_share, fault_meter | fault_share,
     "a meter counts ever less: from nothing lost to `share` lost, evenly over the window", unregistered,
     "the meter is exchanged for one of the same error", "metering-drift-began", "metering-drift-ended"},
    {FaultKind::stuck_register, "stuck-register", "register stands still", "表计停走", FaultSite::meter,
     one_meter, fault_meter, "a meter answers and counts nothing", unregistered, "it counts again",
     "register-stuck", "register-freed"},
    {FaultKind::dead_phase, "dead-phase", "blown voltage fuse, dead phase", "失压", FaultSite::meter,
     one_meter, fault_meter,
     "a voltage lead is dead: nothing is counted; one third less by a meter of three phases", unregistered,
     "the fuse is replaced", "phase-died", "phase-revived"},
    {FaultKind::phase_swap, "phase-swap", "voltage leads exchanged, wrong phase sequence",
     "电压逆相序，错接线", FaultSite::meter, one_meter, fault_meter,
     "the voltage leads B and C of a three-phase meter are exchanged: two elements measure by a wrong angle",
     "Wh that passed and were not registered; status word 7 tells of the sequence", "the leads are put right",
     "leads-exchanged", "leads-put-right"},
    {FaultKind::meter_clock_shift, "meter-clock-shift", "meter's clock set wrong, cheap hours by the clock",
     "电表时钟超差", FaultSite::meter, one_meter | fault_step, fault_meter | fault_step,
     "a meter's own clock stands `step` ahead of the time: records and tariff hours are of another moment",
     "clock-set at both edges; counts 1",
     "its clock is put right; quarter hours that it leapt over have no record", "meter-clock-shifted",
     "meter-clock-righted"},
    {FaultKind::recharge_replay, "recharge-replay", "captured recharge played again", "充值报文重放",
     FaultSite::meter, one_meter | fault_count, fault_meter | fault_count,
     "a recharge that a prepaid meter has taken is played to it `count` times again, and once with a later "
     "count",
     "recharges that the meter refused; its balance stays",
     "the meter counts purchases: an old one and one too many are both refused", "replay-began",
     "replay-ended"},
    {FaultKind::theft_collusion, "theft-collusion", "two neighbours steal by turns", "合谋轮流窃电",
     FaultSite::meter, one_meter | fault_other | fault_share, fault_meter | fault_other,
     "`meter` and `other` pass `share` around their meters on alternate days (all of it), `meter` first",
     "Wh that passed and were not registered, of both", "the jumpers are taken off", "collusion-began",
     "collusion-ended"},
    {FaultKind::theft_false_data, "theft-false-data", "manipulated firmware, false readings", "计量数据篡改",
     FaultSite::meter, one_meter | fault_attack | fault_other, fault_meter | fault_attack,
     "a meter reports by an `attack` function of the literature, m0..m13 or h1..h6, quarter hour by quarter "
     "hour",
     "Wh that were not registered when they passed; energy-hidden tells the balance",
     "its firmware is put right; what it did not report stays unbilled", "false-data-began",
     "false-data-ended"},
    {FaultKind::theft_adaptive, "theft-adaptive", "thief who watches the inspectors", "反侦查窃电",
     FaultSite::meter, one_meter | fault_share, fault_meter,
     "begins with `share` (all); after each week without a visit he takes more, after a visit he lies low "
     "and "
     "takes less in another way",
     unregistered, "he gives up, or the window ends", "adaptive-theft-began", "adaptive-theft-ended"},
    {FaultKind::section_outage, "section-outage", "cable damaged, section dead", "线路区段停电",
     FaultSite::area, on_section, fault_area | fault_section,
     "a section of the area's network conducts nothing on `phases` (all of them)",
     "section-dead; supply-lost at the meters behind it; counts 1 when it did conduct before",
     "the section is mended: section-live, supply-restored; gaps stay, nothing was drawn",
     "section-outage-began", "section-outage-ended"},
    {FaultKind::switch_open, "switch-open", "isolator opened", "开关断开", FaultSite::area, on_section,
     fault_area | fault_section, "a switch of the network stands open on `phases` (all of them)",
     "section-dead; supply-lost at the meters behind it; counts 1 when it was closed before",
     "it is closed again", "opening-began", "opening-ended"},
    {FaultKind::switch_closed, "switch-closed", "fed over a tie", "联络开关合闸", FaultSite::area, on_section,
     fault_area | fault_section,
     "a switch that usually stands open is closed: a tie feeds what another way has lost",
     "section-live; counts 1 when it did close; one that would make a loop stays open: switch-refused",
     "it is opened again", "closing-began", "closing-ended"},
    {FaultKind::fuse_blown, "fuse-blown", "blown feeder fuse", "熔断器熔断", FaultSite::area, on_section,
     fault_area | fault_section, "the fuse of a section is blown on `phases` (all of them)",
     "section-dead; supply-lost at the meters behind it on these phases; counts 1",
     "a crew puts a new one in when the window ends; fuses that blow by themselves wait for the area's "
     "`repair`",
     "fuse-gone", "fuse-fitted"},
};

constexpr std::array all_fields{fault_area,   fault_meter,  fault_line,    fault_bit_error, fault_chance,
                                fault_nth,    fault_frame,  fault_delay,   fault_step,      fault_count,
                                fault_age,    fault_other,  fault_noise,   fault_share,     fault_power,
                                fault_energy, fault_attack, fault_section, fault_phases};
}  // namespace

std::string_view name_of(FaultSite site) {
  static constexpr std::string_view names[] = {"meter", "line", "collector", "uplink", "area", "head-end"};
  return names[static_cast<std::size_t>(site)];
}

std::span<const FaultEntry> fault_registry() { return entries; }

const FaultEntry& fault_entry(FaultKind kind) {
  const auto& entry = entries[static_cast<std::size_t>(kind)];
  METERTWIN_CHECK(entry.kind == kind, static_cast<int>(kind));
  return entry;
}

std::optional<FaultKind> find_fault(std::string_view name) {
  const auto found = std::find_if(std::begin(entries), std::end(entries),
                                  [&](const auto& entry) { return entry.name == name; });
  if (found == std::end(entries)) return std::nullopt;
  return found->kind;
}

std::string_view key_of(FaultField field) {
  switch (field) {
    case fault_area:
      return "area";
    case fault_meter:
      return "meter";
    case fault_line:
      return "line";
    case fault_bit_error:
      return "bit_error";
    case fault_chance:
      return "chance";
    case fault_nth:
      return "nth";
    case fault_frame:
      return "frame";
    case fault_delay:
      return "delay";
    case fault_step:
      return "step";
    case fault_count:
      return "count";
    case fault_age:
      return "age";
    case fault_other:
      return "other";
    case fault_noise:
      return "noise_dB";
    case fault_share:
      return "share";
    case fault_power:
      return "power";
    case fault_energy:
      return "energy";
    case fault_attack:
      return "attack";
    case fault_section:
      return "section";
    case fault_phases:
      return "phases";
  }
  return "";
}

bool hides_energy(FaultKind kind) {
  using Kind = FaultKind;
  if (kind == Kind::phase_swap || (kind >= Kind::theft_collusion && kind <= Kind::theft_adaptive))
    return true;
  return kind >= Kind::theft_bypass && kind <= Kind::dead_phase && kind != Kind::theft_feed &&
         kind != Kind::cover_open;
}

bool adds_energy(FaultKind kind) {
  return kind == FaultKind::phase_swap || kind == FaultKind::theft_false_data;
}

std::span<const std::string_view> attack_names() {
  static constexpr std::string_view names[] = {"m0", "m1", "m2", "m3",  "m4",  "m5",  "m6",
                                               "m7", "m8", "m9", "m10", "m11", "m12", "m13",
                                               "h1", "h2", "h3", "h4",  "h5",  "h6"};
  return names;
}

bool hides_at_other(FaultKind kind) { return kind == FaultKind::theft_collusion; }

bool shifts_meter_clock(FaultKind kind) { return kind == FaultKind::meter_clock_shift; }

std::span<const FaultField> fault_fields() { return all_fields; }
}  // namespace model
