// Byte strings of a fixed length with a meaning: a hash is not a key, and the compiler knows it.
#pragma once

#include "core/base/Bytes.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstring>
#include <functional>

namespace tallylock {

template <std::size_t N, class Meaning>
struct Fixed {
    static constexpr std::size_t kSize = N;
    std::array<std::uint8_t, N> bytes{};

    auto operator<=>(const Fixed&) const = default;
    ByteView view() const { return bytes; }
    std::uint8_t* data() { return bytes.data(); }
    const std::uint8_t* data() const { return bytes.data(); }
    bool isZero() const {
        return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
    }
    std::string hex() const { return toHex(bytes); }

    /// Nothing if the length differs.
    static std::optional<Fixed> from(ByteView view) {
        if (view.size() != N) return std::nullopt;
        Fixed fixed;
        std::copy(view.begin(), view.end(), fixed.bytes.begin());
        return fixed;
    }
    static std::optional<Fixed> fromHex(std::string_view text) {
        const auto bytes = tallylock::fromHex(text);
        return bytes ? from(*bytes) : std::nullopt;
    }
};

/// A 32-byte digest: BLAKE2b-256 of something labelled, or SHA-256 where a standard says so.
using Hash = Fixed<32, struct HashMeaning>;
/// An Ed25519 public key: who somebody is.
using IdentityKey = Fixed<32, struct IdentityKeyMeaning>;
/// An X25519 public key: whom something is boxed to.
using BoxKey = Fixed<32, struct BoxKeyMeaning>;
/// An Ed25519 signature.
using Signature = Fixed<64, struct SignatureMeaning>;

/// A number with a meaning. Zero is "none".
template <class Meaning>
struct Number {
    std::uint64_t value = 0;
    auto operator<=>(const Number&) const = default;
    explicit operator bool() const { return value != 0; }
};

using HolderId = Number<struct HolderMeaning>;
using UserId = Number<struct UserMeaning>;
using AccountId = Number<struct AccountMeaning>;
using HoldId = Number<struct HoldMeaning>;
using OrderId = Number<struct OrderMeaning>;
using InstructionId = Number<struct InstructionMeaning>;
using InstrumentId = Number<struct InstrumentMeaning>;
using ListingId = Number<struct ListingMeaning>;
using SaleId = Number<struct SaleMeaning>;
using EntryId = Number<struct EntryMeaning>; ///< one ledger transfer

} // namespace tallylock

template <std::size_t N, class Meaning>
struct std::hash<tallylock::Fixed<N, Meaning>> {
    std::size_t operator()(const tallylock::Fixed<N, Meaning>& fixed) const noexcept {
        static_assert(N >= sizeof(std::size_t));
        std::size_t value;
        std::memcpy(&value, fixed.bytes.data(), sizeof value); // already uniform: it is a hash or a key
        return value;
    }
};
template <class Meaning>
struct std::hash<tallylock::Number<Meaning>> {
    std::size_t operator()(const tallylock::Number<Meaning>& n) const noexcept {
        return std::hash<std::uint64_t>{}(n.value);
    }
};
