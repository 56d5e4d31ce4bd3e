// Part 2 as words, on its way by mail or post: what the clerk adds to the desk of couriers.
#include "core/keys/Fingerprint.h"
#include "core/keys/SeedPhrase.h"
#include "core/keyserver/Clerk.h"

namespace tallylock::keyserver {

static wire::Answer answerOf(const CourierDesk::Stated& stated) {
    if (!stated) return wire::Problem{stated.error(), {}};
    return *stated;
}

wire::Answer Clerk::on(const IdentityKey& who, const wire::SetCourier& request) {
    return answerOf(m_couriers.set(who, request));
}

wire::Answer Clerk::on(const IdentityKey& who, const wire::CourierQuery& request) {
    return answerOf(m_couriers.state(who, request));
}

std::optional<LetterJob> Clerk::nextLetter(const std::set<WishId>& notNow) {
    std::set<WishId> passedOver = notNow;
    while (auto job = m_couriers.next(passedOver)) {
        const Hash& terms = job->wish.terms;
        const auto parts = readParts(terms, *m_book->deal(terms));
        if (!parts) { // the journals cannot be read now, or are damaged: it waits, and others do not
            passedOver.insert(job->wish);
            continue;
        }
        job->letter.words = keys::SeedPhrase::fromEntropy(parts->second.view()).text();
        job->letter.fingerprint = keys::Fingerprint::of(m_identity.key()).words();
        return job;
    }
    return std::nullopt;
}

} // namespace tallylock::keyserver
