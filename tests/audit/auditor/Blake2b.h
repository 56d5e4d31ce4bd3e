// The auditor's own BLAKE2b (RFC 7693) of 32 bytes, without a key.
#pragma once

#include <string>

namespace tallylock::audit {

/// 32 bytes.
std::string blake2b256(const std::string& data);
/// docs/decisions/labels.md: of bytes that stand under this label.
std::string labelledHash(const std::string& name, const std::string& body);

} // namespace tallylock::audit
