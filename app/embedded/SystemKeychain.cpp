#include "app/embedded/SystemKeychain.h"

#include "core/base/Bytes.h"

#include <QEventLoop>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace tallylock::app {

using ports::KeychainError;
using ports::KeychainFailure;

namespace {

constexpr int kPersonTimeoutMs = 120'000;
const QString& serviceName() {
    static const QString name = QStringLiteral("tallylock");
    return name;
}

struct Outcome {
    QKeychain::Error error = QKeychain::OtherError;
    QString text = QStringLiteral("no answer");
    SecretBytes secret; ///< what was read
};

void wipeBytes(QByteArray& bytes) {
    wipe({reinterpret_cast<std::uint8_t*>(bytes.data()), static_cast<std::size_t>(bytes.size())});
}

/// Starts the job, which deletes itself when it is done, and waits for it here. One that takes too long is left alone:
/// its answer would come to this thread, where nobody waits any more.
Outcome waitFor(QKeychain::Job* job, const std::string& entry) {
    const auto outcome = std::make_shared<Outcome>();
    QEventLoop loop;
    QObject::connect(job, &QKeychain::Job::finished, &loop, [&loop, outcome](QKeychain::Job* done) {
        outcome->error = done->error();
        outcome->text = done->errorString();
        if (const auto* reading = qobject_cast<QKeychain::ReadPasswordJob*>(done)) {
            QByteArray bytes = reading->binaryData();
            outcome->secret = SecretBytes::copyOf(
                {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
            wipeBytes(bytes);
        }
        loop.quit();
    });
    QTimer::singleShot(kPersonTimeoutMs, &loop, &QEventLoop::quit);
    job->setKey(QString::fromStdString(entry));
    QMetaObject::invokeMethod(
        &loop, [job] { job->start(); }, Qt::QueuedConnection);
    loop.exec();
    return std::move(*outcome);
}

// Any error but these two means that there is no keychain to rely on.
Result<void, KeychainFailure> resultOf(const Outcome& outcome) {
    if (outcome.error == QKeychain::NoError) return {};
    const auto error = outcome.error == QKeychain::EntryNotFound ? KeychainError::Missing : KeychainError::Unavailable;
    return Err(KeychainFailure{error, outcome.text.toStdString()});
}

} // namespace

Result<void, KeychainFailure> SystemKeychain::write(const std::string& entry, const SecretBytes& secret) {
    auto* job = new QKeychain::WritePasswordJob(serviceName());
    QByteArray bytes(reinterpret_cast<const char*>(secret.data()), static_cast<qsizetype>(secret.size()));
    job->setBinaryData(bytes);
    const Outcome outcome = waitFor(job, entry);
    wipeBytes(bytes);
    return resultOf(outcome);
}

Result<SecretBytes, KeychainFailure> SystemKeychain::read(const std::string& entry) {
    Outcome outcome = waitFor(new QKeychain::ReadPasswordJob(serviceName()), entry);
    if (const auto result = resultOf(outcome); !result) return Err(result.error());
    return std::move(outcome.secret);
}

Result<void, KeychainFailure> SystemKeychain::remove(const std::string& entry) {
    auto result = resultOf(waitFor(new QKeychain::DeletePasswordJob(serviceName()), entry));
    if (!result && result.error().error == KeychainError::Missing) return {};
    return result;
}

Result<void, KeychainFailure> tryKeychain(ports::Keychain& keychain, Random& random) {
    SecretBytes sample(16);
    random.fill(sample.span());
    const std::string entry = "probe-" + toHex(sample.view());
    if (const auto written = keychain.write(entry, sample); !written)
        return Err(KeychainFailure{KeychainError::Unavailable, written.error().detail});
    const auto found = keychain.read(entry);
    auto removed = keychain.remove(entry);
    if (!found) return Err(KeychainFailure{KeychainError::Unavailable, found.error().detail});
    if (!found->equals(sample.view()))
        return Err(KeychainFailure{KeychainError::Unavailable, "what was written did not come back"});
    return removed;
}

} // namespace tallylock::app
