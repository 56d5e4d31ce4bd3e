// What protects an account: orders that are cancelled when nobody looks after them, who vouches for orders, and
// one-time codes. As core/api/Session.h: asynchronous as if remote, answers on the caller's thread.
#pragma once

#include "core/api/Session.h"

namespace tallylock::api {

enum class DeadManState : std::uint8_t { Armed, Ended, Fired, kCount };
struct DeadManRow {
    bool account = false; ///< of the whole account; else of one user's orders
    UserId user;          ///< whose, unless it is the account's
    std::int64_t withinMs = 0;
    std::int64_t dueMs = 0; ///< when it fires, or would have
    DeadManState state{};
    std::uint64_t cancelled = 0; ///< orders, when it fired
};

enum class FactorState : std::uint8_t {
    None,
    Offered, ///< a secret was shown, and its first code is missing
    Confirmed,
    kCount
};
/// What an authenticator is to be given; shown once.
struct FactorOffer {
    std::shared_ptr<const SecretBytes> uri;    ///< "otpauth://totp/...", as text, for a QR code
    std::shared_ptr<const SecretBytes> base32; ///< the secret alone, as text, to be typed in
};

class Guard {
public:
    virtual ~Guard() = default;

    // --- orders that nobody looks after ---
    /// Cancels the open orders of this user, or of the whole account, unless it is called again within this time (a
    /// second to a day). Zero ends it.
    virtual void armDeadMan(std::int64_t withinMs, bool account, Done<void> done) = 0;
    virtual void deadMen(Done<std::vector<DeadManRow>> done) = 0;
    /// This user's open orders are cancelled when this session ends: the profile is locked, the program ends, the
    /// connection breaks. Until the session ends. A crash of the whole node is for a dead-man switch.
    virtual void cancelOnDisconnect(bool on, Done<void> done) = 0;

    // --- who vouches for orders ---
    /// Orders and their changes go without a signature of their own, on a connection on which this profile has proved
    /// its key; that they came from it, the coordinator vouches for. Whoever does not want to trust it so far has each
    /// one signed: from the next one on, in this folder, until it is said otherwise. All else is always signed.
    virtual void signOrders(bool each, Done<void> done) = 0;
    virtual void signsOrders(Done<bool> done) = 0;

    // --- one-time codes ---
    virtual void factorState(Done<FactorState> done) = 0;
    /// Makes a secret for this user's authenticator; it counts once it is confirmed. `code`: of the present one, if one
    /// is confirmed.
    virtual void enrolFactor(std::string code, Done<FactorOffer> done) = 0;
    virtual void confirmFactor(std::string code, Done<void> done) = 0;
    virtual void removeFactor(std::string code, Done<void> done) = 0;
    /// Goes with the next act of core/api/Treasury.h that moves money out or changes its rules, and with no other. An
    /// act that needs one and has none is refused with CodeMissing.
    virtual void nextCode(std::string code) = 0;
};

} // namespace tallylock::api
