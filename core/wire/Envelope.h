// The envelope: how a command is signed, sent and journaled. One encoding for all three.
//
//   {1: version, 2: command type, 3: counter, 4: signer, 5: body, 6: signature}
//
// The signature (Ed25519, label "command") is over the array [version, type, counter, signer, body]. The command's hash
// is labelledHash("command", that array). The body is the canonical CBOR of the struct in engine/Commands.h with that
// kType. Frozen bytes of every type: tests/vectors/messages.txt.
//
// Orders and their changes may come without a signature, on a session that their device has opened (Frames.h). In a
// batch such a command is an array instead, with the device's place in the batch's list:
//
//   [device, counter, command type, body]
//
// Its hash is that of the same command in an envelope. See docs/decisions/sessions.md.
#pragma once

#include "core/engine/Commands.h"
#include "core/keys/Identity.h"

#include <span>

namespace tallylock::wire {

inline constexpr std::uint64_t kVersion = 1;
inline constexpr std::size_t kMaxEnvelopeSize = std::size_t{1} << 20;

enum class WireError {
    Malformed, ///< not canonical CBOR of a known shape
    UnknownVersion,
    UnknownType,
    TooLarge,
    SignatureInvalid,
    SignatureNeeded, ///< a command of this kind is never taken without one
};
const char* nameOf(WireError error);

/// What is taken on a session without a signature of its own. All else is signed one by one.
using UnsignedKinds =
    std::variant<engine::PlaceOrder, engine::CancelOrder, engine::ReplaceOrder, engine::CancelAllOrders>;

/// Signs a command. `counter` rises by one a command and is durable with its sender before it is sent.
Bytes sealCommand(const keys::Identity& signer, std::uint64_t counter, const engine::CommandBody& body);

/// Reads the form without checking the signature: for a journal whose batches are checked by hash.
Result<engine::Command, WireError> readCommand(ByteView envelope);
/// Admission: form and signature, nothing else. Stateless; any thread.
Result<engine::Command, WireError> openCommand(ByteView envelope);

/// The kType of a command.
std::uint64_t typeOf(const engine::CommandBody& body);

/// A command that came on a session. `body` is the canonical CBOR of the struct with this kType.
struct UnsignedCommand {
    std::uint64_t counter = 0;
    std::uint64_t type = 0;
    ByteView body;
};
/// Reads a command that `device` sent on its session. SignatureNeeded before the body is looked at.
Result<engine::Command, WireError> openUnsigned(const IdentityKey& device, const UnsignedCommand& command);
/// How it stands in a batch whose list of devices has its sender at this place.
Bytes entryOf(std::uint64_t place, const UnsignedCommand& command);
/// Reads what stands in a batch: an envelope, whose signature is not checked, or an unsigned command. `place` is where
/// in `devices` its sender stands; none for an envelope.
struct Entry {
    engine::Command command;
    std::optional<std::uint64_t> place;
};
Result<Entry, WireError> readEntry(ByteView entry, std::span<const IdentityKey> devices);

} // namespace tallylock::wire
