#include "app/cli/SealCommands.h"

#include "core/asset/AgeKey.h"
#include "core/asset/SealedFile.h"
#include "core/base/Clock.h"
#include "core/crypto/Box.h"
#include "core/keys/PrivateFile.h"

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::cli {

using asset::SealError;

static constexpr std::size_t kMaxKeyFileSize = std::size_t{1} << 20;

static const char* messageOf(SealError error) {
    switch (error) {
    case SealError::NotAge: return "the input is not an age file";
    case SealError::HeaderMalformed: return "the header of the input is malformed";
    case SealError::HeaderTooLong: return "the header of the input is too long";
    case SealError::HeaderForged: return "the header of the input is not authentic";
    case SealError::WrongKey: return "no identity matched any of the recipients";
    case SealError::Truncated: return "the input ends too early";
    case SealError::TrailingData: return "the input goes on after its end";
    case SealError::ChunkDamaged: return "the input is damaged or was altered";
    case SealError::ReadFailed: return "cannot read the input";
    case SealError::WriteFailed: return "cannot write the output";
    default: return asset::nameOf(error);
    }
}

static std::string onlyOr(const std::vector<std::string>& values, const char* otherwise) {
    return values.empty() ? otherwise : values.back();
}

static bool isSameFile(const std::string& one, const std::string& other) {
    std::error_code ignored;
    return one != "-" && other != "-" && std::filesystem::equivalent(one, other, ignored);
}

static int outcome(const Result<asset::Portions, SealError>& done) {
    return done ? kDone : fail(messageOf(done.error()));
}

// Runs `job(source, sink)` between what IN and OUT name.
template <class Job>
static int between(const std::string& in, const std::string& out, Job job) {
    if (isSameFile(in, out)) return fail("input and output are the same file");
    auto source = in == "-" ? asset::FileSource::standardInput() : asset::FileSource::open(in);
    if (!source) return fail("cannot open " + in);
    if (out == "-") {
        asset::StreamSink sink(STDOUT_FILENO);
        return outcome(job(*source, sink));
    }
    // A device or pipe is written to; only a file can be replaced as a whole.
    std::error_code ignored;
    const auto kind = std::filesystem::status(out, ignored).type();
    if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::regular) {
        const int descriptor = ::open(out.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor < 0) return fail("cannot write " + out);
        asset::StreamSink sink(descriptor);
        const int code = outcome(job(*source, sink));
        ::close(descriptor);
        return code;
    }
    auto sink = asset::FileSink::create(out);
    if (!sink) return fail("cannot write " + out);
    const int code = outcome(job(*source, *sink));
    if (code != kDone) return code;
    return sink->commit() ? kDone : fail("cannot write " + out);
}

int runKeygen(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'o', "output"}});
    if (!options) return kFailed;
    if (!options->rest().empty()) return fail("keygen takes no argument");
    SystemRandom random;
    SystemClock clock;
    const SecretBytes identity = crypto::newBoxSecret(random);
    const SecretBytes text = asset::keyFileText(identity, clock.wallMs());
    const std::string out = onlyOr(options->values('o'), "-");
    if (out == "-") {
        asset::StreamSink sink(STDOUT_FILENO);
        if (!sink.write(text.view())) return fail("cannot write the key");
    } else if (const auto written = keys::writePrivateFile(out, text.view(), keys::Replace::No); !written) {
        return fail("cannot write " + out + ": " + keys::nameOf(written.error()));
    }
    if (out != "-" || !::isatty(STDOUT_FILENO)) {
        std::fprintf(stderr, "Public key: %s\n", asset::recipientText(crypto::boxKeyOf(identity)).c_str());
    }
    return kDone;
}

int runSeal(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'r', "recipient"}, {'o', "output"}});
    if (!options) return kFailed;
    const auto recipients = options->values('r');
    if (recipients.size() != 1) return fail("seal needs exactly one recipient: -r age1...");
    if (options->rest().size() > 1) return fail("seal takes one input");
    const auto recipient = asset::parseRecipient(recipients.front());
    if (!recipient) return fail("not a recipient: " + recipients.front());
    const std::string out = onlyOr(options->values('o'), "-");
    if (options->values('o').empty() && ::isatty(STDOUT_FILENO)) {
        return fail("refusing to write binary data to the terminal; use -o, or \"-o -\" to do it all the same");
    }
    SystemRandom random;
    return between(onlyOr(options->rest(), "-"), out, [&](asset::Source& source, asset::Sink& sink) {
        return asset::sealAge(source, sink, *recipient, random);
    });
}

// Adds the identities of a key file. A message is said on failure, and never quotes the file.
static bool addIdentities(const std::string& path, std::vector<SecretBytes>& identities) {
    auto bytes = keys::readFile(path == "-" ? "/dev/stdin" : path, kMaxKeyFileSize);
    if (!bytes) {
        fail("cannot read " + path + ": " + keys::nameOf(bytes.error()));
        return false;
    }
    auto found = asset::parseKeyFile({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    wipe(*bytes);
    if (!found) {
        fail(path + ": " + asset::nameOf(found.error()));
        return false;
    }
    for (SecretBytes& identity : *found) identities.push_back(std::move(identity));
    return true;
}

int runOpen(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {{'i', "identity"}, {'o', "output"}});
    if (!options) return kFailed;
    if (options->values('i').empty()) return fail("open needs a key file: -i KEYFILE");
    if (options->rest().size() > 1) return fail("open takes one input");
    const std::string in = onlyOr(options->rest(), "-");
    std::vector<SecretBytes> identities;
    for (const std::string& path : options->values('i')) {
        if (path == "-" && in == "-") return fail("key file and input cannot both be standard input");
        if (!addIdentities(path, identities)) return kFailed;
    }
    return between(in, onlyOr(options->values('o'), "-"),
                   [&](asset::Source& source, asset::Sink& sink) { return asset::openAge(source, sink, identities); });
}

} // namespace tallylock::cli
