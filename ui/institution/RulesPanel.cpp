#include "ui/institution/RulesPanel.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/FormGrid.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr int kMostApprovals = 100;
constexpr int kMostHours = 90 * 24;

/// Sets, replaces or takes away the limit of one unit; the list stays in the order of units.
void putLimit(std::vector<api::Amount>& limits, api::UnitId unit, const std::optional<api::Amount>& most) {
    std::erase_if(limits, [unit](const api::Amount& one) { return one.unit == unit; });
    if (!most) return;
    const auto isBefore = [](const api::Amount& one, const api::Amount& other) { return one.unit < other.unit; };
    limits.insert(std::lower_bound(limits.begin(), limits.end(), *most, isBefore), *most);
}

bool isSame(const api::WithdrawalPolicy& one, const api::WithdrawalPolicy& other) {
    return one.approvals == other.approvals && one.waitingMs == other.waitingMs && one.userDay == other.userDay &&
           one.holderDay == other.holderDay && one.secondFactor == other.secondFactor;
}

} // namespace

RulesPanel::RulesPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_approvals(new QSpinBox),
      m_waiting(new QSpinBox),
      m_codes(new QCheckBox(tr("Payouts take a one-time &code"))),
      m_unit(new QComboBox),
      m_userDay(new AmountField),
      m_holderDay(new AmountField),
      m_set(new HoldButton(tr("Hold to set these rules"))),
      m_amount(new AmountField),
      m_now(plainText()),
      m_then(plainText()) {
    for (const api::UnitRow& unit : context.units().rows()) m_unit->addItem(QString::fromStdString(unit.code));
    auto* cards = new QHBoxLayout;
    cards->setSpacing(space::kMedium);
    cards->addWidget(makeRules(), 1);
    cards->addWidget(makeMovers(), 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->addLayout(cards);
    layout->addStretch();
    connect(m_approvals, &QSpinBox::valueChanged, this, &RulesPanel::edited);
    connect(m_waiting, &QSpinBox::valueChanged, this, &RulesPanel::edited);
    connect(m_codes, &QCheckBox::toggled, this, &RulesPanel::edited);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &RulesPanel::showLimits);
    connect(m_userDay, &AmountField::amountChanged, this, &RulesPanel::edited);
    connect(m_holderDay, &AmountField::amountChanged, this, &RulesPanel::edited);
    connect(m_amount, &AmountField::amountChanged, this, &RulesPanel::askMovers);
    connect(m_set, &HoldButton::held, this, &RulesPanel::submit);
    showDraft();
}

QWidget* RulesPanel::makeRules() {
    m_approvals->setRange(0, kMostApprovals);
    m_approvals->setAccessibleName(tr("Approvals by others"));
    m_waiting->setRange(0, kMostHours);
    m_waiting->setSuffix(tr(" h"));
    m_waiting->setAccessibleName(tr("Waiting time in hours"));
    m_codes->setAccessibleName(tr("One-time codes"));
    m_codes->setToolTip(
        tr("Payouts, approvals, new addresses and changes of these rules. Whoever does such a thing needs "
           "an authenticator: menu File, One-time codes."));
    m_unit->setAccessibleName(tr("Unit of the limits"));
    m_userDay->setAccessibleName(tr("Most that a user may pay out in a day"));
    m_holderDay->setAccessibleName(tr("Most that all users may pay out in a day"));
    for (AmountField* field : {m_userDay, m_holderDay}) {
        field->setZeroAllowed(true);
        field->setPlaceholderText(tr("No limit"));
    }
    auto* form = new FormGrid;
    form->setSpacing(space::kSmall);
    form->addRow(tr("Approvals by &other treasurers"), m_approvals);
    form->addRow(tr("What is new &waits"), m_waiting);
    form->addRow(m_codes);
    form->addRow(tr("&Limits in"), m_unit);
    form->addRow(tr("A &user a day"), m_userDay);
    form->addRow(m_userDay->note());
    form->addRow(tr("&All users a day"), m_holderDay);
    form->addRow(m_holderDay->note());
    auto* card = new Card;
    card->body()->addWidget(sectionHeading(tr("Rules for payouts")));
    card->body()->addLayout(form);
    card->body()->addWidget(
        plainText(tr("New are addresses, devices, and whoever becomes a treasurer. What is stricter "
                     "begins at once; anything looser needs the approvals of the rules in force, "
                     "and then waits."),
                  Rank::Muted));
    card->body()->addStretch();
    card->body()->addWidget(m_set, 0, Qt::AlignRight);
    return card;
}

QWidget* RulesPanel::makeMovers() {
    m_amount->setAccessibleName(tr("Amount to be moved"));
    m_now->setAccessibleName(tr("Who could move it now"));
    m_then->setAccessibleName(tr("Who could move it under these rules"));
    auto* form = new FormGrid;
    form->setSpacing(space::kSmall);
    form->addRow(tr("A&mount"), m_amount);
    form->addRow(m_amount->note());
    auto* card = new Card;
    card->body()->addWidget(sectionHeading(tr("Who could move this?")));
    card->body()->addLayout(form);
    card->body()->addWidget(plainText(tr("Now"), Rank::Muted));
    card->body()->addWidget(m_now);
    card->body()->addSpacing(space::kSmall);
    card->body()->addWidget(plainText(tr("Under the rules on this page"), Rank::Muted));
    card->body()->addWidget(m_then);
    card->body()->addStretch();
    return card;
}

api::UnitId RulesPanel::unit() const {
    const auto& rows = m_context.units().rows();
    const auto at = static_cast<std::size_t>(std::max(m_unit->currentIndex(), 0));
    return at < rows.size() ? rows[at].id : api::UnitId{};
}

void RulesPanel::setAccount(const api::AccountInfo& account) {
    m_mayChange = (account.myRoles & api::kAdministrator) != 0;
    for (QWidget* field :
         {static_cast<QWidget*>(m_approvals), static_cast<QWidget*>(m_waiting), static_cast<QWidget*>(m_codes),
          static_cast<QWidget*>(m_userDay), static_cast<QWidget*>(m_holderDay)})
        field->setEnabled(m_mayChange);
    m_set->setVisible(m_mayChange);
    askMovers(); // the users may be others
}

void RulesPanel::setPolicy(const api::PolicyRow& row) {
    const bool untouched = isSame(m_draft, m_inForce);
    m_inForce = row.policy;
    if (!untouched) { // what is being written stays
        edited();
        return;
    }
    m_draft = row.policy;
    showDraft();
}

void RulesPanel::showDraft() {
    m_filling = true;
    m_approvals->setValue(static_cast<int>(std::min<std::uint32_t>(m_draft.approvals, kMostApprovals)));
    m_waiting->setValue(static_cast<int>(std::min<std::int64_t>(m_draft.waitingMs / kHourMs, kMostHours)));
    m_codes->setChecked(m_draft.secondFactor);
    m_filling = false;
    showLimits();
}

void RulesPanel::showLimits() {
    m_filling = true;
    for (auto [field, limits] : {std::pair(m_userDay, &m_draft.userDay), std::pair(m_holderDay, &m_draft.holderDay)}) {
        field->setUnit(m_context.units().row(unit()));
        field->reset();
        for (const api::Amount& most : *limits)
            if (most.unit == unit()) field->setAmount(most);
    }
    m_amount->setUnit(m_context.units().row(unit()));
    m_filling = false;
    edited();
}

void RulesPanel::takeLimits() {
    for (auto [field, limits] : {std::pair(m_userDay, &m_draft.userDay), std::pair(m_holderDay, &m_draft.holderDay)}) {
        const auto most = field->amount();
        if (most || field->text().isEmpty()) putLimit(*limits, unit(), most);
    }
}

void RulesPanel::edited() {
    if (m_filling) return;
    m_draft.approvals = static_cast<std::uint32_t>(m_approvals->value());
    if (m_waiting->value() != m_draft.waitingMs / kHourMs) m_draft.waitingMs = m_waiting->value() * kHourMs;
    m_draft.secondFactor = m_codes->isChecked();
    takeLimits();
    const bool complete = (m_userDay->amount() || m_userDay->text().isEmpty()) &&
                          (m_holderDay->amount() || m_holderDay->text().isEmpty());
    m_set->setEnabled(m_mayChange && complete && !isSame(m_draft, m_inForce));
    askMovers();
}

void RulesPanel::askMovers() {
    const auto amount = m_amount->amount();
    const std::uint64_t asked = ++m_asked;
    if (!amount) {
        for (QLabel* label : {m_now, m_then}) label->setText(QStringLiteral("—"));
        return;
    }
    for (auto [label, policy] : {std::pair(m_now, &m_inForce), std::pair(m_then, &m_draft)}) {
        m_context.session().treasury().whoCouldMove(
            *policy, *amount, ask(this, m_banner, [this, asked, label = label](const api::MoversRow& row) {
                if (asked == m_asked) showMovers(label, row);
            }));
    }
}

void RulesPanel::showMovers(QLabel* label, const api::MoversRow& row) {
    QStringList names;
    for (const api::UserRow& user : row.of) names << plainLine(user.name);
    if (!row.possible)
        label->setText(tr("Nobody"));
    else if (row.needed == row.of.size())
        label->setText(names.size() == 1 ? tr("%1 alone").arg(names.front())
                                         : tr("Only all together: %1").arg(names.join(QStringLiteral(", "))));
    else
        label->setText(row.needed == 1 ? tr("Each of: %1").arg(names.join(QStringLiteral(", ")))
                                       : tr("Any %1 of: %2").arg(row.needed).arg(names.join(QStringLiteral(", "))));
}

void RulesPanel::submit() {
    const auto question = [this, rules = m_draft](api::Done<std::uint64_t> done) {
        m_context.session().treasury().setWithdrawalPolicy(rules, std::move(done));
    };
    askWithCode<std::uint64_t>(
        this, m_context.session(), question, askRaw(this, [this](const api::Answer<std::uint64_t>& answer) {
            if (!answer) {
                m_banner->refuse(answer.error());
                return;
            }
            m_banner->succeed(*answer == 0
                                  ? tr("The rules are in force.")
                                  : tr("The rules are looser in some point: they wait, and may need approval."));
            m_draft = m_inForce; // shown anew, as they then stand
            emit changed();
        }));
}

} // namespace tallylock::ui
