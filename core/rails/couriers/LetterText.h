// What stands in the letters that carry part 2: a mail and a page of paper. Neither has a link or asks for anything.
#pragma once

#include "core/ports/WordCourier.h"

#include <vector>

namespace tallylock::rails {

/// A whole message of RFC 5322 with CRLF, plain ASCII. The sender and the letter's address have been checked.
SecretBytes mailText(const ports::WordLetter& letter, const std::string& sender);
/// One page of A4 in UTF-8: at most 60 lines of 80 columns. The address stands where the window of an envelope is.
SecretBytes cardText(const ports::WordLetter& letter, const std::vector<std::string>& address);

/// What is behind the last @.
std::string domainOf(const std::string& mailAddress);

} // namespace tallylock::rails
