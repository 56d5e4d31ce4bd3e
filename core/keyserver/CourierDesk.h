// What buyers wish of the way of part 2, and what became of it (docs/decisions/couriers.md). The endpoint has part 2 in
// any case, and nothing of a sale waits for a letter.
//
// An address lies in the state journal under the master secret, and nowhere else. The words are in no record.
//
// Owned by the worker, except that a letter is sent on a thread of its own.
#pragma once

#include "core/base/Clock.h"
#include "core/keyserver/KeyBook.h"
#include "core/ports/WordCourier.h"

namespace tallylock::keyserver {

/// How often a buyer may wish, and how often one letter is tried, before it is given up.
inline constexpr std::uint64_t kMostWishes = 20;
inline constexpr std::uint32_t kMostLetterAttempts = 100;

using WordCouriers = std::vector<std::unique_ptr<ports::WordCourier>>; ///< at most one of each way

/// One wish of one set of terms.
struct WishId {
    Hash terms;
    std::uint64_t number = 0;
    auto operator<=>(const WishId&) const = default;
};
struct LetterJob {
    WishId wish;
    ports::WordCourier* courier = nullptr;
    ports::WordLetter letter;
};

class CourierDesk {
public:
    CourierDesk(const SecretBytes& master, KeyBook& book, WordCouriers couriers, Random& random,
                std::shared_ptr<Clock> clock)
        : m_master(master),
          m_book(book),
          m_couriers(std::move(couriers)),
          m_random(random),
          m_clock(std::move(clock)) {}

    using Stated = Result<wire::CourierState, wire::FrameProblem>;
    /// Writes the wish down, unless the same one is waiting.
    Stated set(const IdentityKey& who, const wire::SetCourier& request);
    Stated state(const IdentityKey& who, const wire::CourierQuery& request) const;

    /// Of all the wishes whose part 2 is out, one that is not under way; without its words.
    std::optional<LetterJob> next(const std::set<WishId>& notNow);
    /// Writes down what became of a letter. False: not yet, so it is to be told again instead of sent again.
    bool sent(const WishId& wish, const ports::LetterOutcome& outcome);
    const ports::LetterOutcome* untold(const WishId& wish) const;
    bool isOpen(const WishId& wish) const;

private:
    Result<const Deal*, wire::FrameProblem> dealFor(const IdentityKey& who, const Hash& terms) const;
    ports::WordCourier* courierFor(wire::PartTwoWay way) const;
    wire::CourierState stateOf(const Hash& terms, const Deal& deal) const;
    std::optional<std::string> addressOf(const Hash& terms, const Wish& wish) const;

    const SecretBytes& m_master;
    KeyBook& m_book;
    WordCouriers m_couriers;
    Random& m_random;
    std::shared_ptr<Clock> m_clock;
    std::map<WishId, ports::LetterOutcome> m_untold; // sent, while the disk would not take it
};

} // namespace tallylock::keyserver
