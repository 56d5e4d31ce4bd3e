// Sealed files in a bucket: who is trusted and who is not, what is tried again and what is not, wires that are cut, and
// what is left of an upload that nobody goes on with.
#include "core/crypto/Hash.h"
#include "core/store/s3/Answers.h"
#include "tests/support/ObjectStore.h"
#include "tests/support/Proxy.h"
#include "tests/support/ScriptedStore.h"

#include <QTest>

using namespace tallylock;
using ports::StoreFailure;
using store::S3FileStore;
using store::s3::AccessKey;
using store::s3::Patience;
using store::s3::Place;
using store::s3::Sizes;
using test::ObjectStore;
using test::Proxy;
using test::ScriptedStore;

namespace {

constexpr std::uint64_t kPart = 5U << 20U;
constexpr int kTries = 3;

Patience impatient() {
    Patience patience;
    patience.tries = kTries;
    patience.firstPauseMs = 1;
    return patience;
}

Bytes contentOf(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 13 + i / 251);
    return bytes;
}

Place placeAt(std::uint16_t port) {
    Place place;
    place.endpoint = "http://127.0.0.1:" + std::to_string(port);
    place.region = "us-east-1";
    place.bucket = "bucket";
    return place;
}

std::string emptyPage() {
    return ScriptedStore::answer("200 OK", "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
}
std::string answer(const std::string& status, const std::string& body = {}, const std::string& more = {}) {
    return ScriptedStore::answer(status, body, more);
}
/// To HEAD: of an object of that size.
std::string objectOf(std::size_t size) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\nConnection: close\r\n\r\n";
}

/// "POST /bucket/KEY?uploads=" without what is the same in all.
std::vector<std::string> methodsOf(const std::vector<std::string>& requests) {
    std::vector<std::string> methods;
    for (const std::string& request : requests) methods.push_back(request.substr(0, request.find(' ')));
    return methods;
}

} // namespace

class TestS3Store : public QObject {
    Q_OBJECT

    std::unique_ptr<ObjectStore> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;

    AccessKey keyOf(const char* id, const char* secret) {
        const QString path = m_folder->filePath(QStringLiteral("key"));
        ObjectStore::writeKey(path, id, secret);
        auto key = AccessKey::readFrom(path.toStdString());
        if (!key) qFatal("%s", key.error().detail.c_str());
        return std::move(*key);
    }
    Result<std::unique_ptr<S3FileStore>, StoreFailure> open(Place place, Sizes sizes = {}) {
        return S3FileStore::open(std::move(place), keyOf(ObjectStore::kKey, ObjectStore::kSecret),
                                 m_folder->path().toStdString(), impatient(), sizes);
    }
    /// One that has told that the bucket is there.
    std::unique_ptr<S3FileStore> openScripted(ScriptedStore& server, Sizes sizes = {}) {
        server.answers({emptyPage()});
        auto opened = open(placeAt(server.port()), sizes);
        if (!opened) qFatal("%s", opened.error().detail.c_str());
        return std::move(*opened);
    }

private slots:
    void initTestCase() { m_server = std::make_unique<ObjectStore>(); }
    void cleanupTestCase() { m_server.reset(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    // --- settings ----------------------------------------------------------------------------------------------------

    void looksAtItsPlace_data() {
        QTest::addColumn<QString>("endpoint");
        QTest::addColumn<QString>("bucket");
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<bool>("mayBePlain");
        QTest::addColumn<bool>("isRight");
        const auto row = [](const char* name, const char* endpoint, const char* bucket, const char* prefix,
                            bool mayBePlain, bool isRight) {
            QTest::newRow(name) << QString::fromLatin1(endpoint) << QString::fromLatin1(bucket)
                                << QString::fromLatin1(prefix) << mayBePlain << isRight;
        };
        row("usual", "https://s3.example.org", "files", "tallylock/", false, true);
        row("port, no prefix", "https://s3.example.org:8443", "files.of-us", "", false, true);
        row("plain, here", "http://127.0.0.1:9000", "files", "a/b/", false, true);
        row("plain, here, IPv6", "http://[::1]:9000", "files", "", false, true);
        row("plain, elsewhere", "http://10.0.0.4:9000", "files", "", false, false);
        row("plain, a name that begins like here", "http://127.example.org", "files", "", false, false);
        row("plain, elsewhere, as was wished", "http://10.0.0.4:9000", "files", "", true, true);
        row("no scheme", "s3.example.org", "files", "", false, false);
        row("another scheme", "ftp://s3.example.org", "files", "", true, false);
        row("a path", "https://s3.example.org/here", "files", "", false, false);
        row("a user", "https://me@s3.example.org", "files", "", false, false);
        row("a short bucket", "https://s3.example.org", "fi", "", false, false);
        row("a bucket that leads away", "https://s3.example.org", "files/../others", "", false, false);
        row("a prefix that leads away", "https://s3.example.org", "files", "../", false, false);
        row("a prefix with a space", "https://s3.example.org", "files", "our files/", false, false);
        row("a prefix from the root", "https://s3.example.org", "files", "/a", false, false);
    }
    void looksAtItsPlace() {
        QFETCH(QString, endpoint);
        QFETCH(QString, bucket);
        QFETCH(QString, prefix);
        QFETCH(bool, mayBePlain);
        QFETCH(bool, isRight);
        const Place place{endpoint.toStdString(), "eu-1", bucket.toStdString(), prefix.toStdString(), {}, mayBePlain};
        const auto fault = faultOf(place);
        QVERIFY2(fault.has_value() != isRight, fault ? fault->c_str() : "");
        if (!isRight) QVERIFY(!open(place).ok());
    }

    void theKeysFileIsItsOwnersAlone_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("isOpen");
        QTest::addColumn<bool>("isRight");
        QTest::newRow("right") << QByteArray("id\nsecret\n") << false << true;
        QTest::newRow("no last line end") << QByteArray("id\r\nsecret") << false << true;
        QTest::newRow("open to others") << QByteArray("id\nsecret\n") << true << false;
        QTest::newRow("one line") << QByteArray("id\n") << false << false;
        QTest::newRow("three lines") << QByteArray("id\nsecret\nmore\n") << false << false;
        QTest::newRow("a space") << QByteArray("id \nsecret\n") << false << false;
        QTest::newRow("a header") << QByteArray("id\n\rX: y\n") << false << false;
        QTest::newRow("too long") << QByteArray("id\n") + QByteArray(2000, 'x') << false << false;
        QTest::newRow("nothing") << QByteArray() << false << false;
    }
    void theKeysFileIsItsOwnersAlone() {
        QFETCH(QByteArray, content);
        QFETCH(bool, isOpen);
        QFETCH(bool, isRight);
        QFile file(m_folder->filePath(QStringLiteral("key")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.setPermissions(QFile::ReadOwner | (isOpen ? QFile::ReadOther : QFile::WriteOwner));
        file.close();
        const auto key = AccessKey::readFrom(file.fileName().toStdString());
        QCOMPARE(key.ok(), isRight);
        if (!key) QVERIFY(key.error().detail.find("secret\n") == std::string::npos);
        if (key) QVERIFY(key->id == "id" && key->secret.equals(viewOf(std::string_view("secret\0", 7))));
    }

    // --- who is there ------------------------------------------------------------------------------------------------

    void aStoreThatRefusesSaysWhy() {
        const std::string folder = m_folder->path().toStdString();
        const auto why = [&](Place place, const char* id, const char* secret) {
            const auto opened = S3FileStore::open(std::move(place), keyOf(id, secret), folder, impatient());
            return opened ? std::string() : opened.error().detail;
        };
        const Place place = m_server->place();
        QCOMPARE(why(place, ObjectStore::kKey, ObjectStore::kSecret), std::string());
        const std::string forged = why(place, ObjectStore::kKey, "another+secret");
        QVERIFY2(forged.find("403 SignatureDoesNotMatch") != std::string::npos, forged.c_str());
        QVERIFY(forged.find("another+secret") == std::string::npos);
        const std::string unknown = why(place, "tally:nobody", "another+secret");
        QVERIFY2(unknown.find("403") != std::string::npos, unknown.c_str());
        Place noBucket = place;
        noBucket.bucket = "no-such-bucket";
        const std::string missing = why(noBucket, ObjectStore::kKey, ObjectStore::kSecret);
        QVERIFY2(missing.find("404 NoSuchBucket") != std::string::npos, missing.c_str());
        const std::string nobody = why(placeAt(1), ObjectStore::kKey, ObjectStore::kSecret);
        QVERIFY2(nobody.find("connect") != std::string::npos, nobody.c_str());
    }

    void anUnknownCertificateIsNotTrusted() {
        const ObjectStore secure(true);
        const auto stranger = open(secure.place());
        QVERIFY(!stranger.ok());
        QVERIFY2(stranger.error().detail.find("certificate") != std::string::npos, stranger.error().detail.c_str());
        Place place = secure.place();
        place.certificates = secure.certificate();
        auto known = open(place);
        QVERIFY2(known.ok(), known ? "" : known.error().detail.c_str());
        const Bytes content = contentOf(1000);
        auto upload = (*known)->upload(Hash{});
        QVERIFY((*upload)->write(content) && (*upload)->commit());
        QCOMPARE(*(*known)->sizeOf(Hash{}), std::uint64_t{1000});
        place.endpoint = "https://localhost:" + std::to_string(secure.port()); // another name than the certificate's
        QVERIFY(!open(place).ok());
    }

    // --- what is tried again -----------------------------------------------------------------------------------------

    void whatPassesIsTriedAgain_data() {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<int>("requests"); // until it goes well; 1: it does not
        const auto row = [](const char* name, const std::string& first, int requests) {
            QTest::newRow(name) << QByteArray::fromStdString(first) << requests;
        };
        row("503 SlowDown", answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>"), 2);
        row("500", answer("500 Internal Server Error"), 2);
        row("502", answer("502 Bad Gateway", "<html>not XML"), 2);
        row("504", answer("504 Gateway Timeout"), 2);
        row("429", answer("429 Too Many Requests"), 2);
        row("408", answer("408 Request Timeout"), 2);
        row("400 RequestTimeout", answer("400 Bad Request", "<Error><Code>RequestTimeout</Code></Error>"), 2);
        row("cut before the answer", "", 2);
        row("cut within the answer", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Lis", 2);
        row("a failure in an answer that had begun well", answer("200 OK", "<Error><Code>InternalError</Code></Error>"),
            2);
        row("403", answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>"), 1);
        row("400", answer("400 Bad Request"), 1);
        row("404", answer("404 Not Found", "<Error><Code>NoSuchBucket</Code></Error>"), 1);
        row("301", answer("301 Moved", {}, "Location: http://127.0.0.2/\r\n"), 1);
    }
    void whatPassesIsTriedAgain() {
        QFETCH(QByteArray, first);
        QFETCH(int, requests);
        ScriptedStore server;
        server.answers({first.toStdString(), emptyPage()});
        const auto opened = open(placeAt(server.port()));
        QCOMPARE(opened.ok(), requests == 2);
        QCOMPARE(server.requests().size(), static_cast<std::size_t>(requests));
        server.answers({first.toStdString()});
        QVERIFY(!open(placeAt(server.port())).ok());
        QCOMPARE(server.requests().size(), static_cast<std::size_t>(requests == 2 ? kTries : 1)); // and not for ever
    }

    // --- what a store may say ----------------------------------------------------------------------------------------

    void anAnswerThatIsNoneIsRefused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a page") << QByteArray("<html><body>Welcome</body></html>");
        QTest::newRow("torn") << QByteArray("<ListMultipartUploadsResult><Upload><Key>");
        QTest::newRow("too long") << QByteArray("<ListMultipartUploadsResult>") + QByteArray(5'000'000, ' ') +
                                         "</ListMultipartUploadsResult>";
        QByteArray bomb(
            "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">");
        for (char c = 'b'; c < 'k'; ++c) {
            bomb += QByteArray("<!ENTITY ") + c + " \"";
            for (int i = 0; i < 10; ++i) bomb += QByteArray("&") + static_cast<char>(c - 1) + ";";
            bomb += "\">";
        }
        QTest::newRow("entities") << bomb + "]><ListMultipartUploadsResult><NextKeyMarker>&j;</NextKeyMarker>"
                                            "</ListMultipartUploadsResult>";
    }
    void anAnswerThatIsNoneIsRefused() {
        QFETCH(QByteArray, body);
        ScriptedStore server;
        server.answers({answer("200 OK", body.toStdString())});
        QVERIFY(!open(placeAt(server.port())).ok());
    }

    void anotherPieceThanWasAskedForIsRefused() {
        ScriptedStore server;
        auto files = openScripted(server);
        Bytes piece(100);
        server.answers({objectOf(1000), answer("206 Partial Content", std::string(999, 'x'))});
        QVERIFY(!files->read(Hash{}, 0, piece).ok());
        server.answers({answer("200 OK", std::string(2000, 'x'))});
        QVERIFY(!files->read(Hash{}, 0, piece).ok());
        server.answers({answer("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>")});
        QVERIFY(!files->read(Hash{}, 0, piece).ok());
        // Asked anew. Not to be told is not the same as that there is no such file.
        server.answers({answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>")});
        QVERIFY(!files->sizeOf(Hash{}).ok());
        server.answers({answer("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>")});
        QCOMPARE(*files->sizeOf(Hash{}), std::uint64_t{0});
    }

    /// A buyer takes a file in small pieces.
    void smallReadsDoNotCostARequestEach() {
        ScriptedStore server;
        Sizes sizes;
        sizes.block = 1'000;
        sizes.blocks = 2;
        auto files = openScripted(server, sizes);
        server.answers({objectOf(2'500), answer("206 Partial Content", std::string(1'000, 'a')),
                        answer("206 Partial Content", std::string(1'000, 'b')),
                        answer("206 Partial Content", std::string(500, 'c'))});
        Bytes piece(100);
        for (std::uint64_t at = 0; at < 2'500; at += piece.size()) {
            QCOMPARE(*files->read(Hash{}, at, piece), piece.size());
            QCOMPARE(piece[50], "abc"[at / 1'000]);
        }
        const auto requests = server.requests();
        QCOMPARE(requests.size(), std::size_t{4});
        QVERIFY(requests[3].find("Range: bytes=2000-2499\r\n") != std::string::npos);
        server.answers({answer("206 Partial Content", std::string(1'000, 'a'))});
        QCOMPARE(*files->read(Hash{}, 1'990, piece), piece.size()); // two that are kept
        QCOMPARE(server.requests().size(), std::size_t{0});
        QCOMPARE(*files->read(Hash{}, 0, piece), piece.size()); // one that is not any more
        QCOMPARE(server.requests().size(), std::size_t{1});
    }

    // --- uploads -----------------------------------------------------------------------------------------------------

    void completesOnce_data() {
        QTest::addColumn<QByteArray>("first"); // answers to what completes it
        QTest::addColumn<QByteArray>("second");
        const QByteArray done = QByteArray::fromStdString(
            answer("200 OK", "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"));
        const QByteArray gone =
            QByteArray::fromStdString(answer("404 Not Found", "<Error><Code>NoSuchUpload</Code></Error>"));
        QTest::newRow("at once") << done << QByteArray();
        QTest::newRow("failed in its answer")
            << QByteArray::fromStdString(answer("200 OK", "<Error><Code>InternalError</Code></Error>")) << done;
        QTest::newRow("done, but the answer was lost") << QByteArray("") << gone;
    }
    void completesOnce() {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        ScriptedStore server;
        Sizes sizes;
        sizes.part = 1'000;
        auto files = openScripted(server, sizes);
        const std::string begun = answer("200 OK", "<InitiateMultipartUploadResult><UploadId>an/id</UploadId>"
                                                   "</InitiateMultipartUploadResult>");
        const auto part = [](const char* etag) {
            return answer("200 OK", {}, std::string("ETag: \"") + etag + "\"\r\n");
        };
        const std::string absent = answer("404 Not Found");
        std::vector<std::string> script{begun, part("aa"), absent, part("bb"), first.toStdString()};
        if (!second.isEmpty()) script.push_back(second.toStdString());
        script.push_back(objectOf(1'500));
        server.answers(script);
        auto upload = files->upload(Hash{});
        QVERIFY((*upload)->write(contentOf(1'500)));
        const auto committed = (*upload)->commit();
        QVERIFY2(committed.ok(), committed ? "" : committed.error().detail.c_str());
        const auto requests = server.requests();
        std::vector<std::string> methods{"POST", "PUT", "HEAD", "PUT", "POST"};
        if (!second.isEmpty()) methods.emplace_back("POST");
        methods.emplace_back("HEAD");
        QCOMPARE(methodsOf(requests), methods);
        QVERIFY(requests[3].find("?partNumber=2&uploadId=an%2Fid ") != std::string::npos);
        QVERIFY(requests[3].find("\r\nx-amz-content-sha256: " +
                                 crypto::sha256(ByteView(contentOf(1'500)).subspan(1'000)).hex()) != std::string::npos);
        QVERIFY((*upload)->commit());
        QCOMPARE(server.requests().size(), methods.size());
    }

    /// What is there after all is of another size: nobody is told that it is kept.
    void doesNotBelieveAStoreThatHasLostAPart() {
        ScriptedStore server;
        auto files = openScripted(server);
        server.answers({answer("404 Not Found"), answer("200 OK"), objectOf(1'400)});
        auto upload = files->upload(Hash{});
        QVERIFY((*upload)->write(contentOf(1'500)));
        QVERIFY(!(*upload)->commit().ok());
    }

    void bytesThatChangeOnTheirWayAreRefused() {
        store::s3::Connection connection(m_server->place(), m_server->key(), impatient());
        store::s3::Request request;
        request.method = "PUT";
        request.key = "changed";
        request.body = store::s3::Body::of(contentOf(1000));
        request.body->sha256 = crypto::sha256(contentOf(999));
        const auto answered = connection.ask(request);
        QVERIFY(!answered.ok());
        QVERIFY2(answered.error().detail.find("400") != std::string::npos, answered.error().detail.c_str());
    }

    void aWireThatIsCutCostsNothing() {
        Proxy proxy(m_server->port());
        Sizes sizes;
        sizes.part = kPart;
        auto files = S3FileStore::open(m_server->place(proxy.port()), m_server->key(), m_folder->path().toStdString(),
                                       {}, sizes);
        QVERIFY(files.ok());
        const Bytes content = contentOf(2 * kPart + 1'000'000);
        const Hash root = crypto::sha256(content);
        std::atomic<bool> isDone{false};
        std::size_t cuts = 0;
        std::thread cutter([&] { // within each part
            for (const std::uint64_t at : {kPart / 2, 2 * kPart, 3 * kPart + 1'000'000}) {
                while (!isDone && proxy.bytesToServer() < at) std::this_thread::yield();
                if (isDone) return;
                proxy.cut();
                ++cuts;
            }
        });
        auto upload = (*files)->upload(root);
        bool isWritten = true;
        for (std::size_t at = 0; at < content.size(); at += 1U << 20U)
            isWritten =
                isWritten &&
                (*upload)->write(ByteView(content).subspan(at, std::min<std::size_t>(1U << 20U, content.size() - at)));
        const auto committed = (*upload)->commit();
        isDone = true;
        cutter.join();
        QVERIFY(isWritten);
        QVERIFY2(committed.ok(), committed ? "" : committed.error().detail.c_str());
        QVERIFY(cuts >= 2);
        Bytes all(content.size());
        for (std::size_t at = 0; at < all.size(); at += 3U << 20U) {
            proxy.cut();
            const std::size_t size = std::min<std::size_t>(3U << 20U, all.size() - at);
            QCOMPARE(*(*files)->read(root, at, std::span(all).subspan(at, size)), size);
        }
        QVERIFY(all == content);
    }

    /// Of a process that is gone; and nobody else's.
    void whatNobodyGoesOnWithIsDropped() {
        Sizes sizes;
        sizes.part = kPart;
        const auto leaveOne = [&](const std::string& prefix) {
            auto proxy = std::make_unique<Proxy>(m_server->port());
            Place place = m_server->place(proxy->port());
            place.prefix = prefix;
            auto files = open(place, sizes);
            auto upload = (*files)->upload(crypto::sha256(viewOf("left")));
            QVERIFY((*upload)->write(contentOf(kPart)));
            proxy.reset(); // before it could give it up
        };
        leaveOne("tallylock/");
        leaveOne("others/");
        store::s3::Connection connection(m_server->place(), m_server->key(), impatient());
        store::s3::Request stranger;
        stranger.method = "POST";
        stranger.key = "not-a-root";
        stranger.query = {{"uploads", ""}};
        QVERIFY(connection.ask(stranger).ok());
        auto ours = open(m_server->place());
        QCOMPARE(*(*ours)->dropAbandoned(), std::size_t{1});
        QCOMPARE(*(*ours)->dropAbandoned(), std::size_t{0});
        Place other = m_server->place();
        other.prefix = "others/";
        QCOMPARE(*(*open(other))->dropAbandoned(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestS3Store)
#include "tst_s3_store.moc"
