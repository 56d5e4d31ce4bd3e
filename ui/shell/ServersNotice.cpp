#include "ui/shell/ServersNotice.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Widgets.h"

#include <QTimer>

namespace tallylock::ui {

using api::ReachState;
using api::ServerRole;

namespace {

QString nameOf(ServerRole role) {
    switch (role) {
    case ServerRole::Coordinator: return ServersNotice::tr("Coordinator");
    case ServerRole::KeyServer: return ServersNotice::tr("Key server");
    case ServerRole::Standby:
    case ServerRole::kCount: break;
    }
    return ServersNotice::tr("Standby key server");
}

QString stateOf(ReachState state) {
    switch (state) {
    case ReachState::Connecting: return ServersNotice::tr("connecting");
    case ReachState::Connected: return ServersNotice::tr("connected");
    case ReachState::Unreachable: return ServersNotice::tr("does not answer");
    case ReachState::OtherServer: return ServersNotice::tr("somebody else answers");
    case ReachState::Refused:
    case ReachState::kCount: break;
    }
    return ServersNotice::tr("does not let this app in");
}

/// What a person should know while this server is not reached.
QString lineOf(const api::ReachedServerRow& row) {
    const QString address = QString::fromStdString(row.address);
    if (row.state == ReachState::OtherServer)
        return ServersNotice::tr("%1: at %2 somebody else answers, not the one that this app trusts. Nothing is sent "
                                 "there. If its keys were changed, its operator will have told you.")
            .arg(nameOf(row.role), address);
    if (row.state == ReachState::Refused)
        return ServersNotice::tr("%1: %2 does not let this app in (%3). It is tried again.")
            .arg(nameOf(row.role), address, QString::fromStdString(row.detail));
    if (row.role == ServerRole::Coordinator)
        return ServersNotice::tr("The coordinator at %1 does not answer. What is shown may be old. It is tried again; "
                                 "what you have signed is kept and sent then.")
            .arg(address);
    return ServersNotice::tr(
               "The key server at %1 does not answer. No keys can be brought or fetched until it does. It "
               "is tried again.")
        .arg(address);
}

/// A standby is needed only when the key server is silent; that it is another is worth knowing at once.
bool matters(const api::ReachedServerRow& row) {
    if (row.role == ServerRole::Standby) return row.state == ReachState::OtherServer;
    return row.state != ReachState::Connected;
}

} // namespace

ServersNotice::ServersNotice(Context& context, Badge* badge, Banner* line, QObject* parent, int patienceMs)
    : QObject(parent),
      m_context(context),
      m_badge(badge),
      m_line(line),
      m_patience(new QTimer(this)) {
    m_badge->setAccessibleName(tr("Servers"));
    m_badge->hide();
    m_patience->setSingleShot(true);
    m_patience->setInterval(patienceMs);
    connect(m_patience, &QTimer::timeout, this, [this] { m_line->refuse(m_wanted); });
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (topic == api::Topic::Servers) refresh();
    });
    refresh();
}

void ServersNotice::refresh() {
    m_context.session().servers(askRaw(this, [this](const api::Answer<std::vector<api::ReachedServerRow>>& rows) {
        if (rows) show(*rows);
    }));
}

void ServersNotice::show(const std::vector<api::ReachedServerRow>& rows) {
    QStringList all;
    QStringList wrong;
    for (const api::ReachedServerRow& row : rows) {
        all += tr("%1: %2 (%3)").arg(nameOf(row.role), stateOf(row.state), QString::fromStdString(row.address));
        if (matters(row)) wrong += lineOf(row);
    }
    m_badge->setVisible(!rows.empty());
    m_badge->setText(wrong.isEmpty() ? tr("Connected") : tr("Not connected"));
    m_badge->setTone(wrong.isEmpty() ? Badge::Tone::Good : Badge::Tone::Warn);
    m_badge->setToolTip(all.join(u'\n'));
    m_badge->setAccessibleDescription(m_badge->toolTip());
    m_wanted = wrong.join(u'\n');
    if (wrong.isEmpty()) {
        m_patience->stop();
        m_line->clear();
    } else if (!m_line->isHidden()) {
        m_line->refuse(m_wanted); // already told; now this
    } else if (!m_patience->isActive()) {
        m_patience->start();
    }
}

} // namespace tallylock::ui
