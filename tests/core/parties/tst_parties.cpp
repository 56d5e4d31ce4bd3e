#include "core/parties/Parties.h"

#include <QTest>

#include <algorithm>

using namespace tallylock;
using namespace tallylock::parties;
using money::Amount;
using money::kBtc;
using money::kEur;
using money::kUsd;

namespace {
IdentityKey key(std::uint8_t n) {
    IdentityKey made;
    made.bytes.fill(n);
    return made;
}
Bytes stateOf(const Parties& parties) {
    CborWriter writer;
    parties.save(writer);
    return writer.take();
}
Result<Parties, CborError> loaded(const Bytes& bytes) {
    CborReader reader(bytes);
    auto parties = Parties::load(reader);
    if (parties.ok() && !reader.finish()) return Err(reader.error());
    return parties;
}
template <class T>
std::string outcome(const Result<T, PartyError>& result) {
    return result.ok() ? "accepted" : nameOf(result.error());
}
std::string name(PartyError error) { return nameOf(error); }
const std::string kAccepted = "accepted";

/// A bank, verified, with an administrator (key 1), a trader (2), a treasurer (3) and an auditor (4); and Ida, an
/// individual (key 9).
struct World {
    Parties parties;
    HolderId bank;
    UserId trader;
    HolderId ida;
    World() {
        bank = *parties.openInstitution("Northern Bank", "Ada", key(1));
        trader = *parties.addUser(actor(1), "Tom", key(2), kTrader);
        (void)parties.addUser(actor(1), "Tess", key(3), kTreasurer);
        (void)parties.addUser(actor(1), "Otto", key(4), kAuditor);
        (void)parties.setStanding(bank, Standing::Verified, "register extract 17");
        ida = *parties.openIndividual("Ida", key(9));
    }
    Actor actor(std::uint8_t n) const { return *parties.actorOf(key(n)); }
};
} // namespace

class TestParties : public QObject {
    Q_OBJECT
private slots:
    void badNames_data() {
        QTest::addColumn<QByteArray>("bad");
        for (const QByteArray& bad : {QByteArray(""), QByteArray(" Ida"), QByteArray("Ida "), QByteArray("\tIda"),
                                      QByteArray("I\nda"), QByteArray("I\x7f"), QByteArray(201, 'x')}) {
            QTest::newRow(bad.size() > 10 ? "too long" : bad.toPercentEncoding().constData()) << bad;
        }
        QTest::newRow("zero byte") << QByteArray("I\0a", 3);
    }
    void badNames() {
        QFETCH(QByteArray, bad);
        World world;
        const Bytes before = stateOf(world.parties);
        const std::string text = bad.toStdString();
        QCOMPARE(outcome(world.parties.openIndividual(text, key(50))), name(PartyError::NameInvalid));
        QCOMPARE(outcome(world.parties.openInstitution(text, "Ada", key(50))), name(PartyError::NameInvalid));
        QCOMPARE(outcome(world.parties.openInstitution("Bank", text, key(50))), name(PartyError::NameInvalid));
        QCOMPARE(outcome(world.parties.addUser(world.actor(1), text, key(50), kTrader)), name(PartyError::NameInvalid));
        QVERIFY(stateOf(world.parties) == before);
    }

    void aKeySpeaksForOneUserOnly() {
        World world;
        const Bytes before = stateOf(world.parties);
        QCOMPARE(outcome(world.parties.openIndividual("Eve", key(2))), name(PartyError::KeyInUse));
        QCOMPARE(outcome(world.parties.openInstitution("Eve & Co", "Eve", key(9))), name(PartyError::KeyInUse));
        QCOMPARE(outcome(world.parties.addUser(world.actor(1), "Eve", key(9), kTrader)), name(PartyError::KeyInUse));
        QCOMPARE(outcome(world.parties.addDevice(world.actor(1), world.trader, key(2))), name(PartyError::KeyInUse));
        QVERIFY(stateOf(world.parties) == before);
    }

    void anIndividualHasAllRolesForItself() {
        World world;
        const Actor ida = world.actor(9);
        QVERIFY(ida.holder == world.ida);
        QCOMPARE(int(ida.roles), int(kAllRoles));
        QCOMPARE(ida.standing, Standing::Pending);
        QVERIFY(world.parties.holder(world.ida)->kind == HolderKind::Individual);
        QCOMPARE(outcome(world.parties.addUser(ida, "Max", key(50), kTrader)), name(PartyError::NotAnInstitution));
        QCOMPARE(outcome(world.parties.setRoles(ida, ida.user, kTrader)), name(PartyError::NotAnInstitution));
        // but further devices
        QCOMPARE(outcome(world.parties.addDevice(ida, ida.user, key(10))), kAccepted);
        QVERIFY(world.actor(10).user == ida.user);
    }

    void aKeyFindsUserHolderAndRoles() {
        World world;
        QCOMPARE(outcome(world.parties.actorOf(key(77))), name(PartyError::UnknownKey));
        const Actor tom = world.actor(2);
        QVERIFY(tom.holder == world.bank && tom.user == world.trader && tom.device == key(2));
        QVERIFY(tom.has(kTrader) && !tom.has(kTreasurer) && !tom.has(kAdministrator));
        QCOMPARE(tom.standing, Standing::Verified);
        QVERIFY(world.parties.user(tom.user)->name == "Tom");
        QCOMPARE(world.parties.holder(world.bank)->users.size(), std::size_t{4});
        QVERIFY(!world.parties.holder(HolderId{0}) && !world.parties.holder(HolderId{3}));
        QVERIFY(!world.parties.user(UserId{0}) && !world.parties.user(UserId{6}));
    }

    void onlyAnAdministratorOfTheHolderChangesIt() {
        World world;
        const Bytes before = stateOf(world.parties);
        const FiatAccount account{"Bank", "DE1", "", {}, ""};
        for (const std::uint8_t who : std::initializer_list<std::uint8_t>{
                 2, 3, 4, 9}) { // trader, treasurer, auditor, somebody else's administrator
            const Actor actor = world.actor(who);
            const std::string no = name(PartyError::NotPermitted);
            QCOMPARE(outcome(world.parties.addDevice(actor, world.trader, key(50))), no);
            QCOMPARE(outcome(world.parties.removeDevice(actor, key(1))), no);
            QCOMPARE(outcome(world.parties.setRoles(actor, world.trader, kAllRoles)), no);
            QCOMPARE(outcome(world.parties.setOrderLimit(actor, world.trader, {5, kUsd})), no);
            if (who == 9) continue; // Ida may change her own
            QCOMPARE(outcome(world.parties.addUser(actor, "Eve", key(50), kTrader)), no);
            QCOMPARE(outcome(world.parties.setFiatAccount(actor, account)), no);
            QCOMPARE(outcome(world.parties.setAssetAccount(actor, {kBtc, "bc1"})), no);
        }
        QVERIFY(stateOf(world.parties) == before);
    }

    void rolesMustBeRoles() {
        World world;
        for (const Roles bad : {Roles{0}, Roles{16}, Roles{17}, Roles{255}}) {
            QCOMPARE(outcome(world.parties.setRoles(world.actor(1), world.trader, bad)),
                     name(PartyError::RolesInvalid));
            QCOMPARE(outcome(world.parties.addUser(world.actor(1), "Eve", key(50), bad)),
                     name(PartyError::RolesInvalid));
        }
        QCOMPARE(outcome(world.parties.setRoles(world.actor(1), UserId{99}, kTrader)), name(PartyError::UnknownUser));
        QCOMPARE(outcome(world.parties.setRoles(world.actor(1), world.trader, kTrader | kAuditor)), kAccepted);
        QVERIFY(world.actor(2).has(kAuditor));
    }

    void oneAdministratorStays() {
        World world;
        const Actor ada = world.actor(1);
        const std::string no = name(PartyError::LastAdministrator);
        QCOMPARE(outcome(world.parties.setRoles(ada, ada.user, kTrader)), no);
        QCOMPARE(outcome(world.parties.removeDevice(ada, key(1))), no);
        QCOMPARE(outcome(world.parties.setRoles(ada, world.trader, kTrader | kAdministrator)), kAccepted);
        QCOMPARE(outcome(world.parties.setRoles(ada, ada.user, kTrader)), kAccepted);
        QCOMPARE(outcome(world.parties.removeDevice(world.actor(2), key(2))), no);
        // A user whose last device is gone can do nothing, and the key is free again.
        QCOMPARE(outcome(world.parties.removeDevice(world.actor(2), key(3))), kAccepted);
        QCOMPARE(outcome(world.parties.actorOf(key(3))), name(PartyError::UnknownKey));
        QCOMPARE(outcome(world.parties.removeDevice(world.actor(2), key(3))), name(PartyError::UnknownKey));
        QCOMPARE(outcome(world.parties.openIndividual("Tess", key(3))), kAccepted);
    }

    void devicesAreBounded() {
        World world;
        for (std::size_t n = 0; n < kMaxDevices - 1; ++n) {
            const auto device = key(static_cast<std::uint8_t>(100 + n));
            QCOMPARE(outcome(world.parties.addDevice(world.actor(1), world.trader, device)), kAccepted);
        }
        QCOMPARE(outcome(world.parties.addDevice(world.actor(1), world.trader, key(200))),
                 name(PartyError::TooManyDevices));
    }

    void standingDecides_data() {
        QTest::addColumn<int>("standing");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("pending") << int(Standing::Pending) << QByteArray(nameOf(PartyError::HolderPending));
        QTest::newRow("verified") << int(Standing::Verified) << QByteArray("accepted");
        QTest::newRow("restricted") << int(Standing::Restricted) << QByteArray(nameOf(PartyError::HolderRestricted));
        QTest::newRow("frozen") << int(Standing::Frozen) << QByteArray(nameOf(PartyError::HolderFrozen));
    }
    void standingDecides() {
        QFETCH(int, standing);
        QFETCH(QByteArray, expected);
        World world;
        QVERIFY(world.parties.setStanding(world.bank, static_cast<Standing>(standing), "case 4").ok());
        QCOMPARE(outcome(world.parties.checkMay(world.actor(2), kTrader)), expected.toStdString());
        QCOMPARE(outcome(world.parties.checkOrder(world.actor(2), {1, kUsd})), expected.toStdString());
        // The role is tested first.
        QCOMPARE(outcome(world.parties.checkMay(world.actor(4), kTrader)), name(PartyError::NotPermitted));
        QVERIFY(world.parties.holder(world.bank)->evidence == "case 4");
    }

    void standingOfNobody() {
        World world;
        QCOMPARE(outcome(world.parties.setStanding(HolderId{99}, Standing::Frozen, "")),
                 name(PartyError::UnknownHolder));
        QCOMPARE(outcome(world.parties.setStanding(world.bank, Standing::Frozen, std::string(1001, 'x'))),
                 name(PartyError::InfoInvalid));
    }

    void ordersHaveLimits() {
        World world;
        const auto set = [&](Amount most) {
            return outcome(world.parties.setOrderLimit(world.actor(1), world.trader, most));
        };
        const auto check = [&](Amount value) { return outcome(world.parties.checkOrder(world.actor(2), value)); };
        QCOMPARE(check({money::kInt128Max, kUsd}), kAccepted); // no limit yet
        QCOMPARE(set({-1, kUsd}), name(PartyError::InfoInvalid));
        QCOMPARE(set({1, money::UnitId{99}}), name(PartyError::InfoInvalid));
        QCOMPARE(set({500, kUsd}), kAccepted);
        QCOMPARE(set({0, kEur}), kAccepted);
        QCOMPARE(check({500, kUsd}), kAccepted);
        QCOMPARE(check({501, kUsd}), name(PartyError::LimitExceeded));
        QCOMPARE(check({1, kEur}), name(PartyError::LimitExceeded));
        QCOMPARE(check({501, kBtc}), kAccepted); // no limit in this unit
        QCOMPARE(set({501, kUsd}), kAccepted);   // replaced
        QCOMPARE(check({501, kUsd}), kAccepted);
        QCOMPARE(world.parties.user(world.trader)->orderLimits.size(), std::size_t{2});
        QCOMPARE(outcome(world.parties.checkOrder(world.actor(4), {1, kUsd})), name(PartyError::NotPermitted));
    }

    void accountInformation() {
        World world;
        const Actor ada = world.actor(1);
        const std::string no = name(PartyError::InfoInvalid);
        const auto set = [&](FiatAccount account) {
            return outcome(world.parties.setFiatAccount(ada, std::move(account)));
        };
        const Amount cover{100'000, kUsd};
        QCOMPARE(set({"", "DE1", "", {}, ""}), no);
        QCOMPARE(set({"Bank", "", "", {}, ""}), no);
        QCOMPARE(set({std::string(1001, 'b'), "DE1", "", {}, ""}), no);
        QCOMPARE(set({"Bank", "DE1", "Insurer", {}, ""}), no);         // insured for nothing
        QCOMPARE(set({"Bank", "DE1", "Insurer", {-5, kUsd}, ""}), no); // or less
        QCOMPARE(set({"Bank", "DE1", "Insurer", {5, money::UnitId{99}}, ""}), no);
        QCOMPARE(set({"Bank", "DE1", "", cover, ""}), no); // by nobody
        QVERIFY(!world.parties.holder(world.bank)->fiatAccount);
        QCOMPARE(set({"Bank", "DE1", "", {}, ""}), kAccepted);
        const FiatAccount full{"Bank", "DE1", "Insurer", cover, "policy 12"};
        QCOMPARE(set(full), kAccepted);
        QVERIFY(world.parties.holder(world.bank)->fiatAccount == full);

        QCOMPARE(outcome(world.parties.setAssetAccount(ada, {kBtc, ""})), no);
        QCOMPARE(outcome(world.parties.setAssetAccount(ada, {money::UnitId{99}, "bc1"})), no);
        QCOMPARE(outcome(world.parties.setAssetAccount(ada, {money::kXmr, "4A"})), kAccepted);
        QCOMPARE(outcome(world.parties.setAssetAccount(ada, {kBtc, "bc1"})), kAccepted);
        QCOMPARE(outcome(world.parties.setAssetAccount(ada, {kBtc, "bc2"})), kAccepted);
        const std::vector<AssetAccount> both = {{kBtc, "bc2"}, {money::kXmr, "4A"}};
        QVERIFY(world.parties.holder(world.bank)->assetAccounts == both);
    }

    void stateSurvives() {
        World world;
        const Actor ada = world.actor(1);
        QVERIFY(world.parties.setFiatAccount(ada, {"Bank", "DE1", "Insurer", {5, kUsd}, "policy"}).ok());
        QVERIFY(world.parties.setAssetAccount(ada, {kBtc, "bc1"}).ok());
        QVERIFY(world.parties.setOrderLimit(ada, world.trader, {5, kUsd}).ok());
        QVERIFY(world.parties.addDevice(ada, world.trader, key(60)).ok());
        const Bytes bytes = stateOf(world.parties);
        auto again = loaded(bytes);
        QVERIFY(again.ok());
        QVERIFY(stateOf(*again) == bytes);
        QVERIFY(again->actorOf(key(60))->user == world.trader);
        QCOMPARE(outcome(again->openIndividual("Eve", key(60))), name(PartyError::KeyInUse));
        QVERIFY(*again->openIndividual("Eve", key(61)) == HolderId{3});
    }

    void damagedStateIsRefused() {
        World world;
        const Bytes good = stateOf(world.parties);
        for (std::size_t size = 0; size < good.size(); ++size) {
            CborReader reader(ByteView(good).first(size));
            QVERIFY(!Parties::load(reader).ok());
        }
        // Two users with one key: the trader's device becomes the treasurer's.
        Bytes twice = good;
        const IdentityKey second = key(2);
        const auto at = std::search(twice.begin(), twice.end(), second.bytes.begin(), second.bytes.end());
        QVERIFY(at != twice.end());
        std::fill(at, at + 32, std::uint8_t{3});
        QVERIFY(loaded(twice).error() == CborError::OutOfRange);
    }
};

QTEST_GUILESS_MAIN(TestParties)
#include "tst_parties.moc"
