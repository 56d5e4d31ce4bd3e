// Cases in the engine: who may set rules and decide, what is held meanwhile, that nobody else hears of it, replay.
#include "EngineHarness.h"
#include "core/parties/Party.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using treasury::CaseState;
using treasury::RuleKind;
using treasury::WatchRule;
using treasury::Way;
using treasury::WithdrawalId;

namespace {
WatchRule ruleOf(std::uint64_t id, RuleKind kind, Way way, const Amount& amount, bool hold) {
    return {{id}, kind, way, amount, 0, 0, 0, hold};
}

struct Office : EngineHarness {
    HolderId person = join("person");
    treasury::PayoutAddressId place;
    Office() {
        deposit(person, satoshi(1'000'000));
        place = {must("person", AddPayoutAddress{money::kBtc, "bc1-Own", ""})};
    }
    std::uint64_t must(const std::string& who, CommandBody body) {
        const Reply reply = send(who, std::move(body));
        if (reply.refused != Refused::No) qFatal("%s: %s", who.c_str(), nameOf(reply.refused));
        return reply.value;
    }
    Refused tries(const std::string& who, CommandBody body) { return send(who, std::move(body)).refused; }
};
} // namespace

class TestEngineWatch : public QObject {
    Q_OBJECT
private slots:
    void refusalsInOrder() {
        Office o;
        const WatchRule good = ruleOf(1, RuleKind::Size, Way::Out, satoshi(1000), true);
        WatchRule bad = good;
        bad.amount.value = 0;
        QCOMPARE(o.tries("person", SetWatchRule{bad, false}), Refused::NotPermitted);
        QCOMPARE(o.tries("coordinator", SetWatchRule{bad, false}), Refused::RuleInvalid);
        QCOMPARE(o.tries("coordinator", SetWatchRule{bad, true}), Refused::RuleUnknown);
        QCOMPARE(o.tries("coordinator", SetWatchRule{good, false}), Refused::No);
        QCOMPARE(o.tries("person", ChangeWatchedAddresses{{watchedAddress("x")}, {}}), Refused::NotPermitted);
        o.must("person", RequestWithdrawal{o.place, satoshi(1000)});
        QCOMPARE(o.tries("person", DecideCase{{9}, CaseDecision::Release, ""}), Refused::NotPermitted);
        QCOMPARE(o.tries("coordinator", DecideCase{{9}, CaseDecision::Release, ""}), Refused::InfoInvalid);
        QCOMPARE(o.tries("coordinator", DecideCase{{9}, CaseDecision::Release, std::string(1001, 'x')}),
                 Refused::InfoInvalid);
        QCOMPARE(o.tries("coordinator", DecideCase{{9}, CaseDecision::Release, "x"}), Refused::CaseUnknown);
        QCOMPARE(o.tries("coordinator", DecideCase{{1}, CaseDecision::Hold, "x"}), Refused::CaseWrongState);
        QVERIFY(o.isReproducible());
    }

    /// A held withdrawal keeps its money, can be cancelled by its owner, and is paid once it is released.
    void heldUntilReleased() {
        Office o;
        o.must("coordinator", SetWatchRule{ruleOf(1, RuleKind::Size, Way::Out, satoshi(1000), true), false});
        const WithdrawalId small{o.must("person", RequestWithdrawal{o.place, satoshi(999)})};
        QVERIFY(o.freshOf<CaseChanged>().empty());
        o.must("coordinator", StartWithdrawal{small, "chain"}); // under way before anything is held
        const WithdrawalId large{o.must("person", RequestWithdrawal{o.place, satoshi(1000)})};
        const auto raised = o.freshOf<CaseChanged>();
        QCOMPARE(raised.size(), std::size_t{1});
        QVERIFY(raised[0].record.withdrawal == large && raised[0].record.state == CaseState::Held &&
                !raised[0].decided);
        for (const Event& event : o.fresh) { // whoever is watched hears nothing of it
            if (std::holds_alternative<CaseChanged>(event.body))
                QVERIFY(event.audience.kind == Audience::Kind::Internal);
        }
        QCOMPARE(o.tries("coordinator", StartWithdrawal{large, "chain"}), Refused::WithdrawalHeld);
        QCOMPARE(o.tries("coordinator", StartWithdrawal{small, "chain"}), Refused::No); // named before
        QCOMPARE(o.tries("coordinator", ReportWithdrawal{small, true, "tx"}), Refused::No);
        const WithdrawalId other{o.must("person", RequestWithdrawal{o.place, satoshi(10)})};
        QCOMPARE(o.tries("coordinator", StartWithdrawal{other, "chain"}), Refused::WithdrawalHeld); // all of the holder
        QCOMPARE(o.tries("person", CancelWithdrawal{other}), Refused::No);
        QVERIFY(o.isReproducible());
        o.must("coordinator", DecideCase{{1}, CaseDecision::Release, "salary"});
        QVERIFY(o.freshOf<CaseChanged>().at(0).decided && o.freshOf<CaseChanged>().at(0).record.reason == "salary");
        o.must("coordinator", StartWithdrawal{large, "chain"});
        o.must("coordinator", ReportWithdrawal{large, true, "tx"});
        QVERIFY(o.available(o.person, money::kBtc) == 1'000'000 - 999 - 1000);
        QVERIFY(o.isReproducible());
    }

    void freezing() {
        Office o;
        o.must("coordinator", SetWatchRule{ruleOf(1, RuleKind::Size, Way::Out, satoshi(1000), false), false});
        const WithdrawalId withdrawal{o.must("person", RequestWithdrawal{o.place, satoshi(1000)})};
        o.must("coordinator", DecideCase{{1}, CaseDecision::Freeze, "ask the bank"});
        QVERIFY(o.freshOf<StandingChanged>().at(0).holder == o.person);
        QVERIFY(o.engine.parties().holder(o.person)->standing == parties::Standing::Frozen);
        QCOMPARE(o.tries("coordinator", StartWithdrawal{withdrawal, "chain"}), Refused::AccountFrozen);
        QCOMPARE(o.tries("person", RequestWithdrawal{o.place, satoshi(1)}), Refused::AccountFrozen);
        QVERIFY(o.engine.watch().cases().empty());
        QVERIFY(o.isReproducible());
    }

    /// Money coming in is watched when it counts, once, whatever is reported how often.
    void deposits() {
        Office o;
        o.must("coordinator", SetWatchRule{ruleOf(1, RuleKind::Size, Way::In, satoshi(5000), false), false});
        o.must("coordinator", SetWatchRule{ruleOf(2, RuleKind::Size, Way::In, usd(100), false), false});
        const std::string to = "to " + std::to_string(o.person.value) + " btc";
        ObservePayment payment{"chain", hashNamed("large"), 0, to, satoshi(5000), 1, false, o.nowMs};
        o.must("coordinator", payment);
        QVERIFY(o.freshOf<CaseChanged>().empty());
        payment.confirmations = 2;
        o.must("coordinator", payment);
        QCOMPARE(o.freshOf<CaseChanged>().size(), std::size_t{1});
        payment.confirmations = 3;
        o.must("coordinator", payment);
        QVERIFY(o.freshOf<CaseChanged>().empty());
        payment.identifier = "nobody's";
        payment.transaction = hashNamed("unknown");
        o.must("coordinator", payment); // suspense has no holder
        QVERIFY(o.freshOf<CaseChanged>().empty());
        o.deposit(o.person, usd(100));
        QCOMPARE(o.engine.watch().cases().size(), std::size_t{2});
        QVERIFY(o.isReproducible());
    }

    /// However it is written, also when it is only entered into the address book.
    void watchedAddresses() {
        Office o;
        o.must("coordinator", SetWatchRule{ruleOf(1, RuleKind::Address, Way::Out, {0, money::kUsd}, true), false});
        QCOMPARE(
            o.must("coordinator", ChangeWatchedAddresses{{watchedAddress(" BC1-own "), watchedAddress("bc1-bad")}, {}}),
            std::uint64_t{2});
        QVERIFY(!o.engine.watch().isHeld(o.person));
        o.must("person", RequestWithdrawal{o.place, satoshi(1)});
        QVERIFY(o.engine.watch().isHeld(o.person));
        const HolderId other = o.join("other");
        o.must("other", AddPayoutAddress{money::kBtc, "bc1-BAD", ""});
        QVERIFY(o.engine.watch().isHeld(other));
        QCOMPARE(
            o.must("coordinator", ChangeWatchedAddresses{{}, {watchedAddress("bc1-own"), watchedAddress("bc1-bad")}}),
            std::uint64_t{0});
        o.must("coordinator", DecideCase{{2}, CaseDecision::Release, "a mistake"});
        o.must("other", AddPayoutAddress{money::kBtc, "bc1-bad2", ""});
        QVERIFY(!o.engine.watch().isHeld(other));
        QVERIFY(o.isReproducible());
    }
};

QTEST_GUILESS_MAIN(TestEngineWatch)
#include "tst_engine_watch.moc"
