#include "app/keyserver/Couriers.h"

#include "app/servers/Daemon.h"
#include "app/servers/KeyServing.h"
#include "core/keys/PrivateFile.h"
#include "core/rails/couriers/Addresses.h"
#include "core/rails/couriers/CardCourier.h"
#include "core/rails/couriers/MailCourier.h"

#include <algorithm>
#include <sys/stat.h>

namespace tallylock::app {

using Mail = std::unique_ptr<rails::MailCourier>;

static constexpr std::size_t kMostCredentials = 4096; ///< bytes

/// Two lines: user and password. Whoever is neither owner nor of its group must not read the file.
static Result<void, std::string> readCredentials(const std::string& path, rails::MailServer& server) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IRWXO) != 0)
        return Err("mail.credentials: " + path + " is open to others: chmod o= " + path);
    auto bytes = keys::readFile(path, kMostCredentials);
    if (!bytes) return Err("mail.credentials: " + path + ": " + keys::nameOf(bytes.error()));
    const SecretBytes all = SecretBytes::takeFrom(*bytes);
    const ByteView view = all.view();
    const auto userEnd = std::find(view.begin(), view.end(), '\n');
    const auto from = userEnd == view.end() ? userEnd : userEnd + 1;
    const auto end = std::find(from, view.end(), '\n');
    if (userEnd == view.begin() || from == end)
        return Err("mail.credentials: " + path + " is to be two lines, user and password");
    server.user = SecretBytes::copyOf({view.begin(), userEnd});
    server.password = SecretBytes::copyOf({from, end});
    return {};
}

static Result<Mail, std::string> mailOf(const Settings& settings) {
    rails::MailServer server;
    server.host = settings.place("mail.server").host;
    server.port = settings.place("mail.server").port;
    server.sender = settings.text("mail.sender");
    if (!rails::isMailAddress(server.sender)) return Err(std::string("mail.sender is to be a mail address"));
    const std::string tls = settings.has("mail.tls") ? settings.text("mail.tls") : "starttls";
    if (tls != "starttls" && tls != "implicit")
        return Err(std::string("mail.tls is to be \"starttls\" or \"implicit\""));
    server.tls = tls == "implicit" ? rails::MailTls::Implicit : rails::MailTls::StartTls;
    if (settings.has("mail.authorities")) server.authorities = settings.text("mail.authorities");
    if (settings.has("mail.credentials")) {
        if (auto read = readCredentials(settings.text("mail.credentials"), server); !read) return Err(read.error());
    }
    return std::make_unique<rails::MailCourier>(std::move(server));
}

Result<keyserver::WordCouriers, std::string> couriersOf(const Settings& settings) {
    keyserver::WordCouriers couriers;
    if (settings.has("mail.server")) {
        auto mail = mailOf(settings);
        if (!mail) return Err(mail.error());
        couriers.push_back(std::move(*mail));
    }
    if (settings.has("cards.folder")) {
        const std::string& folder = settings.text("cards.folder");
        if (auto made = makeFolder(folder); !made) return Err(sentence(made.error()));
        couriers.push_back(std::make_unique<rails::CardCourier>(folder));
    }
    return couriers;
}

} // namespace tallylock::app
