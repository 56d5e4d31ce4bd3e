// The way into a profile: open one, create one, or restore one. One page a file.
#pragma once

#include "core/api/Session.h"

#include <QWidget>

class QStackedWidget;

namespace tallylock::ui {

class WelcomePage;

class WelcomeView : public QWidget {
    Q_OBJECT
public:
    WelcomeView(api::Node& node, const QString& profile, QWidget* parent = nullptr);

signals:
    void opened(std::shared_ptr<tallylock::api::Session> session);
    void restartWanted(); ///< with another coordinator

private:
    void add(WelcomePage* page, WelcomePage* before);
    void turnTo(WelcomePage* page);

    QStackedWidget* m_pages;
    SecretBytes m_phrase;
};

} // namespace tallylock::ui
