#include "ui/institution/InstitutionView.h"

#include "core/api/Treasury.h"
#include "ui/institution/ApprovalsPanel.h"
#include "ui/institution/RegisterPanel.h"
#include "ui/institution/RulesPanel.h"
#include "ui/institution/UserModel.h"
#include "ui/institution/UsersPanel.h"
#include "ui/kit/Ask.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Widgets.h"

#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
Badge::Tone toneOf(api::Standing standing) {
    switch (standing) {
    case api::Standing::Verified: return Badge::Tone::Good;
    case api::Standing::Frozen: return Badge::Tone::Bad;
    default: return Badge::Tone::Warn;
    }
}
} // namespace

InstitutionView::InstitutionView(Context& context, QWidget* parent)
    : View(context, parent),
      m_banner(new Banner),
      m_pages(new QStackedWidget),
      m_name(new PlainLabel),
      m_kind(new Badge),
      m_standing(new Badge),
      m_mine(plainText({}, Rank::Muted)),
      m_tabs(new QTabWidget),
      m_users(new UsersPanel(context, m_banner)),
      m_approvals(new ApprovalsPanel(context, m_banner)),
      m_rules(new RulesPanel(context, m_banner)) {
    auto* registration = new RegisterPanel(context, m_banner);
    m_pages->addWidget(scrolledPage(registration, 640));
    m_pages->addWidget(scrolledPage(makeAccount(), QWIDGETSIZE_MAX)); // a small window has no room for all of it
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);
    connect(registration, &RegisterPanel::registered, this, &InstitutionView::refresh);
    connect(m_users, &UsersPanel::changed, this, &InstitutionView::refresh);
    connect(m_approvals, &ApprovalsPanel::changed, this, &InstitutionView::refresh);
    connect(m_rules, &RulesPanel::changed, this, &InstitutionView::refresh);
    connect(m_approvals, &ApprovalsPanel::counted, this, [this](int waiting) {
        m_tabs->setTabText(1, waiting == 0 ? tr("Approvals") : tr("Approvals (%1)").arg(waiting));
    });
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (!isVisible()) return; // it asks again when it is shown
        if (topic == api::Topic::Account || topic == api::Topic::Balances) refresh();
    });
    refresh();
}

QWidget* InstitutionView::makeAccount() {
    setHeadingFont(m_name, 1.25, true);
    m_name->setAccessibleDescription(tr("Account"));
    m_standing->setAccessibleDescription(tr("Standing"));
    m_mine->setAccessibleName(tr("My roles"));
    m_mine->setWordWrap(false);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kMedium);
    head->addWidget(m_name);
    head->addWidget(m_kind);
    head->addWidget(m_standing);
    head->addStretch(1);
    head->addWidget(m_mine);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Users, approvals and rules"));
    m_tabs->addTab(m_users, tr("Users"));
    m_tabs->addTab(m_approvals, tr("Approvals"));
    m_tabs->addTab(m_rules, tr("Rules"));
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addLayout(head);
    layout->addWidget(m_tabs, 1);
    return page;
}

void InstitutionView::shown() {
    m_banner->clear();
    refresh();
}

void InstitutionView::refresh() {
    session().account(ask(this, m_banner, [this](const api::AccountInfo& account) { showAccount(account); }));
}

void InstitutionView::showAccount(const api::AccountInfo& account) {
    m_pages->setCurrentIndex(account.holder ? 1 : 0);
    if (!account.holder) return;
    m_name->setText(plainLine(account.name));
    m_kind->setText(
        (account.institution ? tr("Institution, account %1") : tr("One person, account %1")).arg(account.holder.value));
    m_standing->setText(standingText(account.standing));
    m_standing->setTone(toneOf(account.standing));
    m_standing->setToolTip(plainLine(account.standingEvidence));
    m_mine->setText(tr("You: %1").arg(rolesText(account.myRoles)));
    m_users->setAccount(account);
    m_approvals->setAccount(account);
    m_rules->setAccount(account);
    m_approvals->refresh();
    session().treasury().withdrawalPolicy(ask(this, m_banner, [this](const api::PolicyRow& row) {
        m_rules->setPolicy(row);
        m_approvals->setPolicy(row);
    }));
}

} // namespace tallylock::ui
