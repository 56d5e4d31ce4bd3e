// The envelope: how a command is signed, sent and journaled. One encoding for all three.
//
//   {1: version, 2: command type, 3: counter, 4: signer, 5: body, 6: signature}
//
// The signature (Ed25519, label "command") is over the array [version, type, counter, signer, body]. The command's hash
// is labelledHash("command", that array). The body is the canonical CBOR of the struct in engine/Commands.h with that
// kType. Frozen bytes of every type: tests/vectors/commands.txt.
#pragma once

#include "core/engine/Commands.h"
#include "core/keys/Identity.h"

namespace tallylock::wire {

inline constexpr std::uint64_t kVersion = 1;
inline constexpr std::size_t kMaxEnvelopeSize = std::size_t{1} << 20;

enum class WireError {
    Malformed, ///< not canonical CBOR of a known shape
    UnknownVersion,
    UnknownType,
    TooLarge,
    SignatureInvalid,
};
const char* nameOf(WireError error);

/// Signs a command. `counter` rises by one a command and is durable with its sender before it is sent.
Bytes sealCommand(const keys::Identity& signer, std::uint64_t counter, const engine::CommandBody& body);

/// Reads the form without checking the signature: for a journal whose batches are checked by hash.
Result<engine::Command, WireError> readCommand(ByteView envelope);
/// Admission: form and signature, nothing else. Stateless; any thread.
Result<engine::Command, WireError> openCommand(ByteView envelope);

} // namespace tallylock::wire
