// The couriers of part 2 that the settings name: [mail] and [cards], each of which may be missing.
#pragma once

#include "app/servers/Settings.h"
#include "core/keyserver/CourierDesk.h"

namespace tallylock::app {

inline constexpr Setting kMailServerSetting{"mail.server", SettingKind::Place, true, "mail"};
inline constexpr Setting kMailTlsSetting{"mail.tls", SettingKind::Text, false};
inline constexpr Setting kMailSenderSetting{"mail.sender", SettingKind::Text, true, "mail"};
inline constexpr Setting kMailCredentialsSetting{"mail.credentials", SettingKind::Text, false};
inline constexpr Setting kMailAuthoritiesSetting{"mail.authorities", SettingKind::Text, false};
inline constexpr Setting kCardsFolderSetting{"cards.folder", SettingKind::Text, true, "cards"};

/// The sentence says what is wrong. Makes the folder for cards.
Result<keyserver::WordCouriers, std::string> couriersOf(const Settings& settings);

} // namespace tallylock::app
