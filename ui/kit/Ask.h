// The bridge between widgets and core/api: answers arrive on the GUI thread, and only while the asker lives.
//
//   session().listings(ask(this, m_banner, [this](std::vector<api::ListingRow> rows) { show(std::move(rows)); }));
#pragma once

#include "core/api/Session.h"
#include "ui/kit/Banner.h"

#include <QPointer>

#include <type_traits>

namespace tallylock::ui {

/// Posts to the event loop of the application's thread; may be called from any thread.
api::Executor guiExecutor();

/// A callback for Done<T> that gets the whole Answer<T>. Dropped once `owner` is gone.
template <class F>
auto askRaw(QObject* owner, F onAnswer) {
    return [guard = QPointer<QObject>(owner), onAnswer](auto answer) mutable {
        if (guard) onAnswer(std::move(answer));
    };
}

/// Hands over the value, or nothing where there is none.
template <class T, class F>
void passValue(F& onValue, api::Answer<T> answer) {
    if constexpr (std::is_void_v<T>)
        onValue();
    else
        onValue(std::move(answer).value());
}

/// A callback for Done<T> that gets the value; a refusal is shown by the banner. `onValue` of Done<void> has no
/// parameter.
template <class F>
auto ask(QObject* owner, Banner* banner, F onValue) {
    return askRaw(owner, [shown = QPointer<Banner>(banner), onValue](auto answer) mutable {
        if (!answer) {
            if (shown) shown->refuse(answer.error());
            return;
        }
        passValue<typename decltype(answer)::Value>(onValue, std::move(answer));
    });
}

/// As ask(). Whatever the answer is, `always` is called first: what was switched off meanwhile is shown as it is now.
template <class F, class G>
auto ask(QObject* owner, Banner* banner, F onValue, G always) {
    return askRaw(owner, [answered = ask(owner, banner, std::move(onValue)), always](auto answer) mutable {
        always();
        answered(std::move(answer));
    });
}

} // namespace tallylock::ui
