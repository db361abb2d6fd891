#include "head-end/watch/notice_text.hpp"

#include "head-end/account/money_text.hpp"

namespace headend {
std::string notice_text(const AccountFile& account, Notice::Level level, Fen amount) {
  const std::string whose = account.number + ": ";
  const std::string balance = "your balance is " + money_text(amount);
  switch (level) {
    case Notice::Level::alarm1:
      return whose + balance + ", at or below the first alarm of " + money_text(account.alarm1) + ".";
    case Notice::Level::alarm2:
      return whose + balance + ", at or below the second alarm of " + money_text(account.alarm2) + ".";
    case Notice::Level::arrears:
      return whose + balance + ". Please pay to avoid being cut off.";
    case Notice::Level::cut_off:
      return whose + "your supply has been cut off; " + balance + ".";
    case Notice::Level::restored:
      return whose + "your supply is on again; " + balance + ".";
    case Notice::Level::bill:
      return whose + "your bill of the month is " + money_text(amount) + ".";
  }
  return whose;
}
}  // namespace headend
