// Part 2 by mail and post: what the key server sends, when, to whom, and what it does where that fails. The mail server
// is a real one.
#include "core/keys/Fingerprint.h"
#include "core/keys/SeedPhrase.h"
#include "core/rails/couriers/Addresses.h"
#include "core/rails/couriers/CardCourier.h"
#include "core/rails/couriers/MailCourier.h"
#include "tests/core/keyserver/Scene.h"
#include "tests/support/MailServer.h"

using namespace tallylock;
using test::Scene;
using wire::CourierFailure;
using wire::CourierStage;
using wire::FrameProblem;
using wire::PartTwoWay;

namespace {

constexpr const char* kAddress = "bob.buyer+keys@mail.example";
constexpr const char* kPostal = "Bob Buyer\nMünzgasse 3\n12345 Großstadt";

SecretBytes secret(std::string_view text) {
    return SecretBytes::copyOf({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

bool has(const Bytes& bytes, std::string_view text) {
    return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

/// A sale whose key server has a mail server and a folder for cards.
class Posting : public Scene {
public:
    QTemporaryDir cards;
    test::MailServer& mail;
    rails::MailTls tls = rails::MailTls::StartTls;
    QString authority = mail.authority();
    std::string password = "let me in";
    std::optional<engine::Contract> agreed;

    explicit Posting(test::MailServer& mailServer) : mail(mailServer) {
        couriers = [this] {
            keyserver::WordCouriers all;
            rails::MailServer to;
            to.host = test::MailServer::host().toStdString();
            to.port = mail.port();
            to.tls = tls;
            to.sender = "keys@market.example";
            to.user = secret("keys");
            to.password = secret(password);
            to.authorities = authority.toStdString();
            all.push_back(std::make_unique<rails::MailCourier>(std::move(to)));
            all.push_back(std::make_unique<rails::CardCourier>(cards.path().toStdString()));
            return all;
        };
    }
    /// Up to B9.
    bool begin() {
        if (!start()) return false;
        agreed = test::upToReady(*this);
        return agreed.has_value();
    }
    bool release() { return reply<wire::Accepted>(coordinator, proof(*agreed)).has_value(); }
    wire::Answer wish(PartTwoWay way, const std::string& address) {
        return ask(buyer, wire::SetCourier{t(), way, address});
    }
    wire::CourierState letter() {
        return reply<wire::CourierState>(buyer, wire::CourierQuery{t()}).value_or(wire::CourierState());
    }
    bool comesTo(CourierStage stage) {
        return QTest::qWaitFor([&] { return letter().stage == stage; }, 60'000);
    }
    bool failsFor(CourierFailure failure) {
        return QTest::qWaitFor([&] { return letter().failure == failure && letter().attempts > 1; }, 60'000);
    }
    /// As the buyer gets them from the endpoint.
    QByteArray words() {
        const Hash k = crypto::labelledHash("contract", *agreed);
        const auto part = fetch(2, k);
        if (!part) return "no part 2";
        const auto opened = wire::openKeyPart2(buyer, part->box, k);
        if (!opened) return "another part 2";
        const SecretBytes text = keys::SeedPhrase::fromEntropy(opened->view()).text();
        return {reinterpret_cast<const char*>(text.data()), static_cast<qsizetype>(text.size())};
    }
};

} // namespace

class TestCouriers : public QObject {
    Q_OBJECT
private slots:
    void addressesAreOfAForm_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isFine");
        const auto row = [](const char* name, const QByteArray& text, bool isFine) {
            QTest::newRow(name) << text << isFine;
        };
        row("plain", "bob@mail.example", true);
        row("atoms", "b.o'b+x=1@a-b.mail.example", true);
        row("ACE", "bob@xn--mnz-hoa.example", true);
        row("header", "bob@mail.example\r\nBcc: eve@mail.example", false);
        row("line feed", "bob@mail.example\n", false);
        row("brackets", "<bob@mail.example>", false);
        row("two", "bob@mail.example,eve@mail.example", false);
        row("two at", "bob@eve@mail.example", false);
        row("quoted", "\"bob\"@mail.example", false);
        row("blank", "bob @mail.example", false);
        row("zero", QByteArray("bob@mail.ex\0ample", 17), false);
        row("no dot", "bob@localhost", false);
        row("number", "bob@127.0.0.1", false);
        row("literal", "bob@[127.0.0.1]", false);
        row("empty label", "bob@mail..example", false);
        row("empty atom", ".bob@mail.example", false);
        row("dash", "bob@-mail.example", false);
        row("not ASCII", "böb@mail.example", false);
        row("no name", "@mail.example", false);
        row("nothing", "", false);
        row("long name", QByteArray(65, 'a') + "@mail.example", false);
        row("long", "bob@" + QByteArray("abcdefg.").repeated(40) + "example", false);
    }
    void addressesAreOfAForm() {
        QFETCH(QByteArray, text);
        QFETCH(bool, isFine);
        QCOMPARE(rails::isMailAddress(text.toStdString()), isFine);
    }

    void postalAddressesAreLines() {
        QCOMPARE(rails::postalLines(kPostal).size(), std::size_t{3});
        for (const char* wrong :
             {"one line", "", "Bob\n\nTown", "Bob\nTown\n", "Bob\r\nTown", "Bob\n\x1b[2JTown", "Bob\n\xff\xfe",
              "Bob\n   ", "Bob\nTo\xe2\x80\xaewn", "Bob\nTown\xe2\x80\xa8", "1\n2\n3\n4\n5\n6\n7\n8\n9"})
            QVERIFY2(rails::postalLines(wrong).empty(), wrong);
        QVERIFY(rails::postalLines("Bob\n" + std::string(61, 'x')).empty());
    }

    void nothingLeavesBeforeThePayment() {
        test::MailServer mail;
        mail.start();
        Posting sale(mail);
        QVERIFY(sale.start());
        const wire::SetCourier wish{sale.t(), PartTwoWay::Mail, kAddress};
        QCOMPARE(sale.problem(sale.buyer, wish), FrameProblem::NotFound); // before B3
        sale.agreed = test::upToReady(sale);
        QVERIFY(sale.agreed);
        for (const keys::Identity* other : {&sale.stranger, &sale.seller, &sale.coordinator}) {
            QCOMPARE(sale.problem(*other, wish), FrameProblem::CourierNotYours);
            QCOMPARE(sale.problem(*other, wire::CourierQuery{sale.t()}), FrameProblem::CourierNotYours);
        }
        QCOMPARE(sale.problem(sale.buyer, wire::SetCourier{sale.t(), PartTwoWay::Mail, "b@c.d\r\nBcc: e@f.g"}),
                 FrameProblem::AddressUnfit);
        QCOMPARE(sale.problem(sale.buyer, wire::SetCourier{sale.t(), PartTwoWay::Endpoint, kAddress}),
                 FrameProblem::AddressUnfit);
        QCOMPARE(sale.letter().stage, CourierStage::None);
        QVERIFY(sale.reply<wire::CourierState>(sale.buyer, wish));
        QCOMPARE(sale.letter().stage, CourierStage::Waiting);
        QCOMPARE(sale.letter().address, std::string(kAddress));
        QVERIFY(sale.letter().offersMail && sale.letter().offersCard);
        auto unpaid = sale.proof(*sale.agreed);
        unpaid.payout.entry = {};
        sale.sign(unpaid);
        QCOMPARE(sale.problem(sale.coordinator, unpaid), FrameProblem::NotPaid);
        QCOMPARE(sale.letter().attempts, 0U);
        QVERIFY(mail.mails().isEmpty());

        QVERIFY(sale.release());
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QCOMPARE(mail.mails().size(), 1);
        const QByteArray got = mail.mails().front();
        QVERIFY(got.contains("X-Envelope: keys@market.example bob.buyer+keys@mail.example\r\n"));
        QVERIFY(got.contains("\r\nTo: <bob.buyer+keys@mail.example>\r\n"));
        QVERIFY2(got.contains("\r\n\r\n" + sale.words() + "\r\n\r\n"), got.constData());
        QVERIFY(got.contains(QByteArray::fromStdString(keys::Fingerprint::of(sale.serverIdentity.key()).words())));
        // Once more, and after a restart: nothing new.
        QVERIFY(sale.release());
        QVERIFY(sale.start());
        QVERIFY(sale.reply<wire::CourierState>(sale.buyer, wire::CourierQuery{sale.t()}));
        QCOMPARE(sale.letter().stage, CourierStage::Sent);
        QCOMPARE(mail.mails().size(), 1);
    }

    void overTlsFromTheStart() {
        test::MailServer mail("implicit");
        mail.start();
        Posting sale(mail);
        sale.tls = rails::MailTls::Implicit;
        QVERIFY(sale.begin());
        QVERIFY(sale.release());
        sale.wish(PartTwoWay::Mail, kAddress); // after B13: at once
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QVERIFY(mail.mails().value(0).contains(sale.words()));
    }

    /// Nothing of the sale waits for it, and what is under way survives the end of the key server.
    void aMailServerThatIsDownDelaysNothing() {
        test::MailServer mail;
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        QVERIFY(sale.release());
        QVERIFY(sale.failsFor(CourierFailure::Unreachable));
        QTRY_COMPARE_WITH_TIMEOUT(sale.outside->accepted<engine::SendPart>().size(), std::size_t{2}, 20'000);
        QVERIFY(sale.words().count(' ') == 11);
        sale.server.reset();
        mail.start();
        QVERIFY(sale.start());
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QCOMPARE(mail.mails().size(), 1);
    }

    void aPassingRefusalIsTriedAgain() {
        test::MailServer mail;
        mail.start();
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        mail.setRule("RCPT 451 4.7.1 greylisted");
        QVERIFY(sale.release());
        QVERIFY(sale.failsFor(CourierFailure::AddressRefused));
        mail.setRule("DATA 452 4.2.2 full");
        QVERIFY(sale.failsFor(CourierFailure::Refused));
        QCOMPARE(sale.letter().stage, CourierStage::Waiting);
        mail.setRule({});
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QCOMPARE(mail.mails().size(), 1);
        QCOMPARE(sale.letter().failure, CourierFailure::None);
    }

    void aRefusedAddressIsGivenUp() {
        test::MailServer mail;
        mail.start();
        mail.setRule("RCPT 550 5.1.1 unknown");
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        QVERIFY(sale.release());
        QVERIFY(sale.comesTo(CourierStage::Failed));
        QCOMPARE(sale.letter().failure, CourierFailure::AddressRefused);
        QCOMPARE(sale.letter().attempts, 1U);
        QVERIFY(sale.words().count(' ') == 11); // the endpoint has it
        mail.setRule({});
        sale.wish(PartTwoWay::Mail, "bob@other.example");
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QCOMPARE(mail.mails().size(), 1);
        QVERIFY(mail.mails().front().contains("To: <bob@other.example>"));
        // The same again is a resend, which can be told from the first.
        sale.wish(PartTwoWay::Mail, "bob@other.example");
        QTRY_COMPARE_WITH_TIMEOUT(mail.mails().size(), 2, 60'000);
        const auto idOf = [](const QByteArray& got) { return got.mid(got.indexOf("Message-ID:"), 80); };
        QVERIFY(idOf(mail.mails()[0]) != idOf(mail.mails()[1]));
        QVERIFY(sale.comesTo(CourierStage::Sent));
        sale.wish(PartTwoWay::Endpoint, {});
        QCOMPARE(sale.letter().stage, CourierStage::None);
    }

    void aBuyerDoesNotWishForEver() {
        test::MailServer mail;
        Posting sale(mail);
        QVERIFY(sale.begin());
        for (std::uint64_t i = 0; i < keyserver::kMostWishes; ++i)
            QVERIFY(std::holds_alternative<wire::CourierState>(
                sale.wish(PartTwoWay::Mail, "bob" + std::to_string(i) + "@mail.example")));
        QCOMPARE(sale.problem(sale.buyer, wire::SetCourier{sale.t(), PartTwoWay::Mail, kAddress}),
                 FrameProblem::CourierNotOffered);
    }

    void whoIsNotTrustedGetsNothing_data() {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<bool>("isKnown");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<int>("failure");
        const auto row = [](const char* name, const char* mode, bool isKnown, const char* password, CourierFailure f) {
            QTest::newRow(name) << QByteArray(mode) << isKnown << QByteArray(password) << static_cast<int>(f);
        };
        row("another authority", "starttls", false, "let me in", CourierFailure::NotTrusted);
        row("no TLS", "plain", true, "let me in", CourierFailure::NotTrusted);
        row("login", "starttls", true, "wrong", CourierFailure::LoginRefused);
    }
    void whoIsNotTrustedGetsNothing() {
        QFETCH(QByteArray, mode);
        QFETCH(bool, isKnown);
        QFETCH(QByteArray, password);
        QFETCH(int, failure);
        test::MailServer mail(mode.constData());
        mail.start();
        const test::MailServer other;
        Posting sale(mail);
        if (!isKnown) sale.authority = other.authority();
        sale.password = password.toStdString();
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        QVERIFY(sale.release());
        QVERIFY(sale.failsFor(static_cast<CourierFailure>(failure)));
        QCOMPARE(sale.letter().stage, CourierStage::Waiting);
        QVERIFY(mail.mails().isEmpty());
    }

    void aCardIsAPageForThePrinter() {
        test::MailServer mail;
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Card, kPostal);
        QVERIFY(QDir(sale.cards.path()).isEmpty());
        QVERIFY(sale.release());
        QVERIFY(sale.comesTo(CourierStage::Sent));
        const QStringList names = QDir(sale.cards.path()).entryList(QDir::Files);
        QCOMPARE(names.size(), 1);
        QVERIFY2(names.front().startsWith(QLatin1String("sale-7-")), qPrintable(names.front()));
        QFile file(sale.cards.filePath(names.front()));
        QCOMPARE(file.permissions() & 0x077, QFile::Permissions());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = QString::fromUtf8(file.readAll());
        QVERIFY(page.contains(QStringLiteral("\n      Bob Buyer\n      Münzgasse 3\n      12345 Großstadt\n")));
        QVERIFY(page.contains(QStringLiteral("The second part of your key: sale 7\n")));
        const QStringList words = QString::fromLatin1(sale.words()).split(u' ');
        QCOMPARE(words.size(), 12);
        for (int i = 0; i < 12; ++i) {
            const QRegularExpression numbered(QStringLiteral("(^|\\s)%1  %2(\\s|$)").arg(i + 1).arg(words[i]),
                                              QRegularExpression::MultilineOption);
            QVERIFY2(page.contains(numbered), qPrintable(page));
        }
        const QString fingerprint = QString::fromStdString(keys::Fingerprint::of(sale.serverIdentity.key()).words());
        QVERIFY(page.simplified().contains(fingerprint));
        const QStringList lines = page.split(u'\n');
        QVERIFY(lines.size() <= 61);
        for (const QString& line : lines) QVERIFY2(line.size() <= 80, qPrintable(line));
    }

    void aFolderThatIsGoneIsTriedAgain() {
        test::MailServer mail;
        Posting sale(mail);
        QVERIFY(sale.begin());
        QVERIFY(QDir(sale.cards.path()).removeRecursively());
        sale.wish(PartTwoWay::Card, kPostal);
        QVERIFY(sale.release());
        QVERIFY(sale.failsFor(CourierFailure::StoreFailed));
        QVERIFY(QDir().mkpath(sale.cards.path()));
        QVERIFY(sale.comesTo(CourierStage::Sent));
    }

    /// While the disk does not take it that a mail is out, it is not sent again.
    void aFullDiskSendsNothingTwice() {
        test::MailServer mail;
        mail.start();
        mail.setRule("RCPT 451 4.7.1 later");
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        QVERIFY(sale.release());
        QVERIFY(sale.failsFor(CourierFailure::AddressRefused));
        sale.state->full = true;
        mail.setRule({});
        QTRY_COMPARE_WITH_TIMEOUT(mail.mails().size(), 1, 60'000);
        for (int i = 0; i < 40; ++i) QVERIFY(sale.letter().stage == CourierStage::Waiting);
        QTest::qWait(300);
        QCOMPARE(mail.mails().size(), 1);
        sale.state->full = false;
        QVERIFY(sale.comesTo(CourierStage::Sent));
        QCOMPARE(mail.mails().size(), 1);
    }

    /// The address is nowhere in the journals as it is, and the words are in none.
    void whatLiesAtRestSaysNothing() {
        test::MailServer mail;
        mail.start();
        Posting sale(mail);
        QVERIFY(sale.begin());
        sale.wish(PartTwoWay::Mail, kAddress);
        QVERIFY(sale.release());
        QVERIFY(sale.comesTo(CourierStage::Sent));
        sale.wish(PartTwoWay::Card, kPostal);
        QVERIFY(sale.comesTo(CourierStage::Sent));
        const std::string words = sale.words().toStdString();
        for (const auto& disk : {sale.first, sale.second, sale.state}) {
            for (const Bytes& record : disk->records) {
                for (const std::string& text :
                     {std::string("bob.buyer"), std::string("mail.example"), std::string("Bob"), words})
                    QVERIFY(!has(record, text));
            }
        }
        for (const auto& taken : sale.outside->taken()) { // what the coordinator hears
            const Bytes command = encodeCbor(taken.command.body);
            QVERIFY(!has(command, "mail.example") && !has(command, "Bob") && !has(command, words));
        }
    }
};

QTEST_GUILESS_MAIN(TestCouriers)
#include "tst_couriers.moc"
