// What the key server writes down, one record a fact. Three journals, so that the theft of one database opens nothing:
//
//   first parts      {1: t, 2: C1, 3: F}
//   second parts     {1: t, 2: P2 at rest}     sealed under the master secret and F, which lies in the other database
//   state            everything else; holds no secret: boxes are to keys that are not here, and the address that a
//   buyer
//                    wants part 2 sent to is sealed under the master secret
#pragma once

#include "core/wire/Frames.h"

namespace tallylock::keyserver {

struct FirstPart {
    Hash terms;
    Bytes c1;
    Bytes fingerprintPart;
    static constexpr void fields(auto use) {
        use(field(1, &FirstPart::terms), field(2, &FirstPart::c1), field(3, &FirstPart::fingerprintPart));
    }
};
struct SecondPart {
    Hash terms;
    Bytes sealed;
    static constexpr void fields(auto use) { use(field(1, &SecondPart::terms), field(2, &SecondPart::sealed)); }
};

// --- state -------------------------------------------------------------------------------------------------------

/// A seller has shown signed terms and was given a one-sale key.
struct TermsTaken {
    static constexpr std::uint64_t kType = 1;
    engine::Terms terms;
    Signature sellerSignature;
    BoxKey depositKey;
    static constexpr void fields(auto use) {
        use(field(1, &TermsTaken::terms), field(2, &TermsTaken::sellerSignature), field(3, &TermsTaken::depositKey));
    }
};
/// B3. The box is worth nothing once the one-sale key is destroyed.
struct DepositTaken {
    static constexpr std::uint64_t kType = 2;
    Hash terms;
    SaleId sale;
    Bytes box;
    static constexpr void fields(auto use) {
        use(field(1, &DepositTaken::terms), field(2, &DepositTaken::sale), field(3, &DepositTaken::box));
    }
};
struct CheckFailed {
    static constexpr std::uint64_t kType = 3;
    Hash terms;
    wire::FrameProblem problem{};
    static constexpr void fields(auto use) { use(field(1, &CheckFailed::terms), field(2, &CheckFailed::problem)); }
};
/// B4: both parts are kept; this is R4.
struct KeyWrapped {
    static constexpr std::uint64_t kType = 4;
    Hash terms;
    engine::KeyReceipt receipt;
    static constexpr void fields(auto use) { use(field(1, &KeyWrapped::terms), field(2, &KeyWrapped::receipt)); }
};
/// Both parties have signed.
struct ContractTaken {
    static constexpr std::uint64_t kType = 5;
    engine::Contract contract;
    static constexpr void fields(auto use) { use(field(1, &ContractTaken::contract)); }
};
/// A "key ready" was signed for this challenge.
struct ReadyGiven {
    static constexpr std::uint64_t kType = 6;
    engine::KeyReady ready;
    static constexpr void fields(auto use) { use(field(1, &ReadyGiven::ready)); }
};
/// The seller is paid, by this proof: from here on release needs no one's order.
struct PaymentProven {
    static constexpr std::uint64_t kType = 7;
    wire::Release proof;
    static constexpr void fields(auto use) { use(field(1, &PaymentProven::proof)); }
};
/// A part as it leaves: the same bytes for ever.
struct PartBoxed {
    static constexpr std::uint64_t kType = 8;
    wire::KeyPart part;
    static constexpr void fields(auto use) { use(field(1, &PartBoxed::part)); }
};
/// A signed command that the coordinator is to get. The same item again: signed anew under another counter.
struct CommandQueued {
    static constexpr std::uint64_t kType = 9;
    std::uint64_t item = 0;
    std::uint64_t counter = 0;
    SaleId sale; ///< commands of one sale go out in the order of their items
    Bytes envelope;
    static constexpr void fields(auto use) {
        use(field(1, &CommandQueued::item), field(2, &CommandQueued::counter), field(3, &CommandQueued::sale),
            field(4, &CommandQueued::envelope));
    }
};
struct CommandAnswered {
    static constexpr std::uint64_t kType = 10;
    std::uint64_t item = 0;
    engine::Refused refused{};
    static constexpr void fields(auto use) {
        use(field(1, &CommandAnswered::item), field(2, &CommandAnswered::refused));
    }
};

/// What the full check of B4 found, before anything is wrapped: some of the leaves, joined. Record by record in order;
/// one that begins at leaf 0 begins anew.
struct LeavesFound {
    static constexpr std::uint64_t kType = 11;
    static constexpr std::size_t kMostLeaves = 8192; ///< in one record
    Hash terms;
    std::uint64_t from = 0;
    std::uint64_t count = 0; ///< of the whole file
    Bytes sealed;
    Bytes plain;
    static constexpr void fields(auto use) {
        use(field(1, &LeavesFound::terms), field(2, &LeavesFound::from), field(3, &LeavesFound::count),
            field(4, &LeavesFound::sealed), field(5, &LeavesFound::plain));
    }
};
/// A buyer has committed to a nonce for a spot check and was given ours, beside what was open then. Another one of the
/// same terms takes its place.
struct SpotCommitted {
    static constexpr std::uint64_t kType = 12;
    wire::SpotCommit commit;
    wire::SpotNonceNote nonce;
    static constexpr void fields(auto use) { use(field(1, &SpotCommitted::commit), field(2, &SpotCommitted::nonce)); }
};
/// The draw of a spot check. These portions count as opened from here on, whether or not they ever left.
struct SpotDrawn {
    static constexpr std::uint64_t kType = 13;
    Hash terms;
    Hash buyerNonce;
    std::vector<std::uint64_t> indices; ///< rising
    static constexpr void fields(auto use) {
        use(field(1, &SpotDrawn::terms), field(2, &SpotDrawn::buyerNonce), field(3, &SpotDrawn::indices));
    }
};

/// In a dispute: once a contract.
struct Judged {
    static constexpr std::uint64_t kType = 14;
    engine::DataVerdict verdict;
    static constexpr void fields(auto use) { use(field(1, &Judged::verdict)); }
};

/// How the buyer wants part 2, besides the endpoint. The last one of these terms counts.
struct CourierSet {
    static constexpr std::uint64_t kType = 15;
    Hash terms;
    std::uint64_t number = 0; ///< of these terms: 1, 2 ...
    wire::PartTwoWay way{};
    Bytes address; ///< sealed (CourierDesk.cpp); empty: the endpoint alone
    static constexpr void fields(auto use) {
        use(field(1, &CourierSet::terms), field(2, &CourierSet::number), field(3, &CourierSet::way),
            field(4, &CourierSet::address));
    }
};
/// What became of an attempt.
struct LetterTried {
    static constexpr std::uint64_t kType = 16;
    Hash terms;
    std::uint64_t number = 0; ///< of the wish
    wire::CourierStage stage{};
    wire::CourierFailure failure{};
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &LetterTried::terms), field(2, &LetterTried::number), field(3, &LetterTried::stage),
            field(4, &LetterTried::failure), field(5, &LetterTried::timeMs));
    }
};

using Record = std::variant<TermsTaken, DepositTaken, CheckFailed, KeyWrapped, ContractTaken, ReadyGiven, PaymentProven,
                            PartBoxed, CommandQueued, CommandAnswered, LeavesFound, SpotCommitted, SpotDrawn, Judged,
                            CourierSet, LetterTried>;

} // namespace tallylock::keyserver
