// The key server's word in a dispute about bad data: it opens the whole file anew.
#include "core/keyserver/Clerk.h"

namespace tallylock::keyserver {

Step Clerk::on(const IdentityKey& who, const wire::JudgeRequest& request) {
    const Hash& k = request.complaint.contract;
    const Agreement* agreement = m_book->agreement(k);
    if (!agreement) return problemAnswer(Problem::ContractWrong, "unknown contract");
    const Deal& deal = *m_book->deal(agreement->terms);
    if (who != deal.terms.coordinator) return problemAnswer(Problem::ContractWrong, "asked by another");
    if (request.sale != deal.sale) return problemAnswer(Problem::ContractWrong, "another sale");
    if (request.complaint.opened ||
        !crypto::verify(deal.terms.buyer.identity, "r14", request.complaint, request.signature))
        return problemAnswer(Problem::SignatureInvalid);
    if (agreement->judged) return wire::Answer(wire::Accepted{});
    const auto parts = readParts(agreement->terms, deal);
    if (!parts) return problemAnswer(Problem::PartDamaged); // one's own loss says nothing about the seller
    auto unwrapped =
        keys::unwrapFirstPassword(parts->second, parts->first.fingerprintPart, agreement->terms, parts->first.c1);
    if (!unwrapped) return problemAnswer(Problem::PartDamaged); // what was wrapped here says nothing either
    const auto secrets = std::make_shared<keys::EditionSecrets>(std::move(*unwrapped));
    const engine::Terms& t = deal.terms;
    return Reading([this, secrets, sale = request.sale, k,
                    claim = asset::EditionClaim{t.recipient, t.sealedRoot, t.plainRoot}](JobControl& control) {
        asset::Work work;
        work.control = &control;
        const auto whole = checkStored(m_files, *secrets, claim, work);
        const auto why = whole ? std::nullopt : std::optional(whole.error());
        return [this, sale, k, why]() -> wire::Answer {
            // Bytes that the store has lost or altered say nothing about the seller.
            if (why == Problem::SealedFileMissing || why == Problem::StoredFileAltered) return problemAnswer(*why);
            return judged(sale, k, why.has_value());
        };
    });
}

wire::Answer Clerk::judged(SaleId sale, const Hash& contract, bool bad) {
    if (m_book->agreement(contract)->judged) return wire::Accepted{}; // asked twice meanwhile
    const engine::DataVerdict verdict{contract, bad};
    const engine::JudgeData command{sale, verdict, m_identity.sign("verdict", verdict)};
    if (!m_book->write({Judged{verdict}, queued(1, sale, command)})) return storeProblem();
    return wire::Accepted{};
}

} // namespace tallylock::keyserver
