#include "core/party/KeyParts.h"

#include "core/keys/SeedPhrase.h"
#include "core/party/Core.h"
#include "core/party/Problems.h"

namespace tallylock::party {

using api::Answer;
using api::Blame;
using api::Problem;
using api::Refusal;

static const char* partName(std::uint8_t part) { return part == 1 ? "part 1" : "part 2"; }

// --- opening -------------------------------------------------------------------------------------------------------

KeyParts::Source KeyParts::sourceOf(const engine::SaleChanged& sale) const {
    const auto& standby = m_core.setup().standbyIdentity;
    if (sale.standbyReceipt && standby && m_core.standby() &&
        checkKeyReceipt(*sale.terms, *sale.standbyReceipt, *standby))
        return {*standby, sale.standbyReceipt->body, *m_core.standby()};
    return {m_core.setup().keyServerIdentity, sale.keyReceipt->body, m_core.keyServer()};
}

Answer<wire::KeyPart1> KeyParts::openPart1(const engine::SaleChanged& sale, ByteView box) const {
    auto part = wire::openKeyPart1(m_core.identity(), box, contractHash(*contractOf(sale)));
    if (!part || keys::commitFirstPart(termsHash(*sale.terms), part->c1, part->fingerprintPart) !=
                     sourceOf(sale).receipt.commitment1)
        return Err(Refusal{Problem::KeyPartsWrong, "part 1"});
    return std::move(*part);
}

Answer<SecretBytes> KeyParts::openPart2(const engine::SaleChanged& sale, ByteView box) const {
    auto secret = wire::openKeyPart2(m_core.identity(), box, contractHash(*contractOf(sale)));
    if (!secret || keys::commitSecondPassword(termsHash(*sale.terms), *secret) != sourceOf(sale).receipt.commitment2)
        return Err(Refusal{Problem::KeyPartsWrong, "part 2"});
    return std::move(*secret);
}

Answer<wire::KeyPart1> KeyParts::part1(const KnownSale& sale) const {
    const auto contract = contractOf(sale.last);
    if (!contract) return Err(Refusal{Problem::KeyPartsMissing, "part 1"});
    // What was fetched from the key server itself has been checked; it stands in where the courier failed. It is of no
    // use any more if the standby has taken over since.
    const Bytes* box = m_core.diary().part1(sale.last.sale);
    auto fetched =
        box ? openPart1(sale.last, *box) : Answer<wire::KeyPart1>(Err(Refusal{Problem::KeyPartsMissing, "part 1"}));
    if (fetched || !sale.part1) return fetched;
    const engine::KeyPartRelayed& relayed = *sale.part1;
    const auto check = checkPart(relayed.note, relayed.signature, relayed.box, 1, contractHash(*contract),
                                 sourceOf(sale.last).identity);
    if (!check) return Err(check.error());
    return openPart1(sale.last, relayed.box);
}

Answer<SecretBytes> KeyParts::part2(const KnownSale& sale) const {
    const Bytes* box = m_core.diary().part2(sale.last.sale);
    if (!contractOf(sale.last) || !box) return Err(Refusal{Problem::KeyPartsMissing, "part 2"});
    return openPart2(sale.last, *box);
}

std::vector<api::KeyPartRow> KeyParts::rows(const KnownSale& sale) const {
    const auto state = [](bool fits, bool wrong) {
        return fits ? api::PartState::Fits : (wrong ? api::PartState::Wrong : api::PartState::OnItsWay);
    };
    const SaleId id = sale.last.sale;
    std::vector<api::KeyPartRow> rows{{1, {}, Blame::Nobody}, {2, {}, Blame::Nobody}};
    const auto first = part1(sale);
    const bool sentWrong1 = m_wrong.contains({id, 1});
    rows[0].state = state(first.ok(), sentWrong1 || (!first && first.error().problem == Problem::KeyPartsWrong));
    if (rows[0].state == api::PartState::Wrong) {
        // Signed as it is by the key server, it is the key server's; else it was altered on its way.
        const auto contract = contractOf(sale.last);
        const bool isSigned = sentWrong1 || (contract && sale.part1 &&
                                             checkPart(sale.part1->note, sale.part1->signature, sale.part1->box, 1,
                                                       contractHash(*contract), sourceOf(sale.last).identity));
        rows[0].blame = isSigned ? Blame::KeyServer : Blame::Courier;
    }
    rows[1].state = state(part2(sale).ok(), m_wrong.contains({id, 2}));
    if (rows[1].state == api::PartState::Wrong) rows[1].blame = Blame::KeyServer;
    return rows;
}

// --- fetching ------------------------------------------------------------------------------------------------------

void KeyParts::fetch(const engine::SaleChanged& sale, std::uint8_t part, Fetched then) {
    const Source source = sourceOf(sale);
    source.server.ask<wire::Challenge>(
        wire::ChallengeRequest{},
        [this, part, then = std::move(then), who = source.identity, &server = source.server,
         k = contractHash(*contractOf(sale))](Result<wire::Challenge, wire::Problem> challenge) {
            if (!challenge) return then(Err(challenge.error()));
            wire::FetchPart request;
            request.note = {who, k, part, challenge->nonce};
            request.signature = m_core.identity().sign("auth", request.note);
            server.ask<wire::KeyPart>(request, then);
        });
}

const wire::Release* KeyParts::proofOfPayout(SaleId sale) const {
    const KeptTrail* kept = m_core.diary().trail(sale);
    return kept && kept->trail.release ? &*kept->trail.release : nullptr;
}

void KeyParts::showProof(const engine::SaleChanged& sale, const wire::Release& proof, Shown then) {
    const Source source = sourceOf(sale);
    wire::Release shown = proof;
    if (sale.standbyReceipt && !shown.contract) shown.contract = contractOf(sale); // the standby does not know it
    source.server.ask<wire::Accepted>(shown, std::move(then));
}

bool KeyParts::take(const engine::SaleChanged& sale, std::uint8_t part, const wire::KeyPart& sent) {
    const auto check =
        checkPart(sent.note, sent.signature, sent.box, part, contractHash(*contractOf(sale)), sourceOf(sale).identity);
    const bool fits = check && (part == 1 ? openPart1(sale, sent.box).ok() : openPart2(sale, sent.box).ok());
    if (!fits) {
        m_wrong.insert({sale.sale, part});
    } else {
        m_wrong.erase({sale.sale, part});
        const auto kept = part == 1 ? m_core.diary().put(Part1Fetched{sale.sale, sent.box})
                                    : m_core.diary().put(Part2Fetched{sale.sale, sent.box});
        if (!kept) return false;
    }
    m_core.changed(api::Topic::Library);
    m_core.changed(api::Topic::Sales);
    return fits;
}

const KnownSale* KeyParts::bought(SaleId sale, Refusal& why) const {
    const KnownSale* known = m_core.replica().sale(sale);
    if (!known) {
        why = {Problem::SaleUnknown, {}};
    } else if (known->last.buyerKeys.identity != m_core.identity().key()) {
        why = {Problem::SaleNotYours, {}};
    } else if (!contractOf(known->last)) {
        why = {Problem::KeyPartsMissing, {}};
    } else {
        return known;
    }
    return nullptr;
}

void KeyParts::fetchAgain(SaleId sale, const api::Done<std::vector<api::KeyPartRow>>& done) {
    Refusal why;
    const KnownSale* known = bought(sale, why);
    if (!known) return done(Err(why));
    const wire::Release* proof = proofOfPayout(sale);
    if (!proof) return askNext(sale, 1, done);
    showProof(known->last, *proof,
              [this, sale, done](const auto&) { askNext(sale, 1, done); }); // what is there says the rest
}

void KeyParts::askNext(SaleId sale, std::uint8_t part, const api::Done<std::vector<api::KeyPartRow>>& done) {
    const KnownSale& known = *m_core.replica().sale(sale);
    if (part > 2) {
        m_core.drive(sale);
        return done(rows(known));
    }
    fetch(known.last, part, [this, sale, part, done](Result<wire::KeyPart, wire::Problem> sent) {
        const bool notYet = !sent && sent.error().problem == wire::FrameProblem::NotPaid;
        if (!sent && !notYet && sent.error().problem != wire::FrameProblem::NotFound)
            return done(Err(Refusal{problemOf(sent.error().problem), partName(part)}));
        if (sent) static_cast<void>(take(m_core.replica().sale(sale)->last, part, *sent)); // the rows tell
        askNext(sale, static_cast<std::uint8_t>(part + 1), done);
    });
}

// --- twelve words --------------------------------------------------------------------------------------------------

void KeyParts::enterSecond(SaleId sale, const SecretBytes& words, const api::Done<void>& done) {
    Refusal why;
    const KnownSale* known = bought(sale, why);
    if (!known) return done(Err(why));
    const auto view = words.view();
    const auto phrase = keys::SeedPhrase::parse({reinterpret_cast<const char*>(view.data()), view.size()});
    if (!phrase) {
        if (phrase.error().error == keys::PhraseError::UnknownWord)
            return done(Err(Refusal{Problem::PhraseWordUnknown, std::to_string(phrase.error().position)}));
        const bool count = phrase.error().error == keys::PhraseError::WrongCount;
        return done(Err(Refusal{count ? Problem::PhraseWrongCount : Problem::PhraseWrongChecksum, {}}));
    }
    if (phrase->entropy().size() != keys::kSecondPasswordSize) return done(Err(Refusal{Problem::PhraseWrongCount, {}}));
    const engine::Contract contract = *contractOf(known->last);
    // Whichever words of the twelve are wrong is not said: that they do not belong here is all that anybody may learn.
    if (keys::commitSecondPassword(termsHash(contract.terms), phrase->entropy()) !=
        sourceOf(known->last).receipt.commitment2)
        return done(Err(Refusal{Problem::SecondPasswordWrong, {}}));
    const Bytes box =
        wire::sealKeyPart2(m_core.identity().boxKey(), contractHash(contract), phrase->entropy(), m_core.random());
    if (const auto put = m_core.diary().put(Part2Fetched{sale, box}); !put) return done(Err(refusalOf(put.error())));
    m_wrong.erase({sale, 2});
    m_core.changed(api::Topic::Library);
    m_core.changed(api::Topic::Sales);
    done({});
}

Answer<std::shared_ptr<const SecretBytes>> KeyParts::wordsOf(const KnownSale& sale) const {
    const auto secret = part2(sale);
    if (!secret) return Err(secret.error());
    return std::make_shared<const SecretBytes>(keys::SeedPhrase::fromEntropy(secret->view()).text());
}

} // namespace tallylock::party
