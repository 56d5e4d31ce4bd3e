#include "core/rails/couriers/MailCourier.h"

#include "core/rails/couriers/Addresses.h"
#include "core/rails/couriers/LetterText.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <curl/curl.h>
#include <mutex>
#include <string_view>

namespace tallylock::rails {

using ports::LetterOutcome;
using wire::CourierFailure;

namespace {

constexpr long kConnectMs = 20'000;

enum class Said { Other, Sender, Recipient, Data };

/// One attempt, as libcurl's callbacks see it.
struct Attempt {
    SecretBytes text;
    std::size_t sent = 0;
    Said said = Said::Other;
    int reply = 0; ///< to that
    bool isLeaving = false;
    JobControl* control = nullptr;
};

std::size_t readText(char* to, std::size_t size, std::size_t count, void* context) {
    auto& attempt = *static_cast<Attempt*>(context);
    const std::size_t length = std::min(size * count, attempt.text.size() - attempt.sent);
    if (length != 0) std::memcpy(to, attempt.text.data() + attempt.sent, length);
    attempt.sent += length;
    return length;
}

/// libcurl tells here what it says and hears. All that is kept is which command was answered last, and with which code.
int noteReply(CURL*, curl_infotype type, char* data, std::size_t size, void* context) {
    auto& attempt = *static_cast<Attempt*>(context);
    const std::string_view line(data, size);
    if (type == CURLINFO_HEADER_OUT) {
        if (line.starts_with("QUIT")) attempt.isLeaving = true;
        if (attempt.isLeaving) return 0;
        attempt.said = line.starts_with("MAIL")   ? Said::Sender
                       : line.starts_with("RCPT") ? Said::Recipient
                       : line.starts_with("DATA") ? Said::Data
                                                  : Said::Other;
    } else if (type == CURLINFO_HEADER_IN && !attempt.isLeaving && size >= 3) {
        static_cast<void>(std::from_chars(data, data + 3, attempt.reply));
    }
    return 0;
}

int goOn(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Attempt*>(context)->control->goOn() ? 0 : 1;
}

std::string textOf(const SecretBytes& secret) { return {reinterpret_cast<const char*>(secret.data()), secret.size()}; }

LetterOutcome outcomeOf(CURLcode result, const Attempt& attempt) {
    switch (result) {
    case CURLE_OK: return {};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED: return {CourierFailure::NotTrusted, false};
    case CURLE_LOGIN_DENIED: return {CourierFailure::LoginRefused, false};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_GOT_NOTHING: return {CourierFailure::Unreachable, false};
    default: break;
    }
    const int reply = attempt.reply;
    // A login that is asked for can be mended by whoever runs the key server; the letter is not at fault.
    if (reply == 530 || reply == 534 || reply == 535 || reply == 538) return {CourierFailure::LoginRefused, false};
    if (reply < 400 || reply >= 600 || attempt.said == Said::Other) return {CourierFailure::Unreachable, false};
    const bool isRecipient = attempt.said == Said::Recipient;
    return {isRecipient ? CourierFailure::AddressRefused : CourierFailure::Refused, reply >= 500};
}

} // namespace

MailCourier::MailCourier(MailServer server) : m_server(std::move(server)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

bool MailCourier::takes(const std::string& address) const { return isMailAddress(address); }

LetterOutcome MailCourier::send(const ports::WordLetter& letter, JobControl& control) {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
    const std::string to = "<" + letter.address + ">";
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(curl_slist_append(nullptr, to.c_str()),
                                                                                 &curl_slist_free_all);
    if (!curl || !recipients) return {CourierFailure::Unreachable, false};
    Attempt attempt;
    attempt.text = mailText(letter, m_server.sender);
    attempt.control = &control;

    const bool isV6 = m_server.host.find(':') != std::string::npos;
    const std::string host = isV6 ? "[" + m_server.host + "]" : m_server.host;
    const std::string url = std::string(m_server.tls == MailTls::Implicit ? "smtps://" : "smtp://") + host + ":" +
                            std::to_string(m_server.port) + "/" + domainOf(m_server.sender);
    const std::string from = "<" + m_server.sender + ">";
    CURL* const c = curl.get();
    bool isSet = true;
    const auto set = [&](CURLoption option, auto value) {
        isSet = curl_easy_setopt(c, option, value) == CURLE_OK && isSet;
    };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, ""); // none from the environment either
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!m_server.authorities.empty()) {
        set(CURLOPT_CAINFO, m_server.authorities.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr)); // and no others
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, std::min(kConnectMs, m_server.patienceMs));
    set(CURLOPT_TIMEOUT_MS, m_server.patienceMs);
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, readText);
    set(CURLOPT_READDATA, static_cast<void*>(&attempt));
    set(CURLOPT_DEBUGFUNCTION, noteReply);
    set(CURLOPT_DEBUGDATA, static_cast<void*>(&attempt));
    set(CURLOPT_VERBOSE, 1L); // or the function before is not called; nothing is printed
    set(CURLOPT_XFERINFOFUNCTION, goOn);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&attempt));
    set(CURLOPT_NOPROGRESS, 0L);
    if (!m_server.user.empty()) {
        std::string user = textOf(m_server.user);
        std::string password = textOf(m_server.password);
        set(CURLOPT_USERNAME, user.c_str());
        set(CURLOPT_PASSWORD, password.c_str());
        wipe(user);
        wipe(password);
    }
    if (!isSet) return {CourierFailure::Unreachable, false};
    return outcomeOf(curl_easy_perform(c), attempt);
}

} // namespace tallylock::rails
