#include "ui/sales/PayeePanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/FormGrid.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/View.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr int kMostNameLetters = 200;

PayeePanel::PayeePanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_now(plainText({}, Rank::Normal, this)),
      m_change(new QPushButton(tr("Pay &another account…"), this)),
      m_form(new QWidget(this)),
      m_number(new QLineEdit(m_form)),
      m_name(new QLineEdit(m_form)),
      m_save(new QPushButton(tr("&Pay this account"), m_form)),
      m_cancel(new QPushButton(tr("&Cancel"), m_form)) {
    setAccessibleName(tr("Who is paid"));
    body()->addWidget(sectionHeading(tr("Who is paid"), this));
    body()->addWidget(m_now);
    body()->addWidget(m_change, 0, Qt::AlignLeft);
    m_change->setAccessibleName(tr("Pay another account"));
    makeForm();
    body()->addWidget(m_form);
    connect(m_change, &QPushButton::clicked, this, [this] { openForm(true); });
    openForm(false);
    hide();
}

void PayeePanel::makeForm() {
    m_number->setAccessibleName(tr("Account number"));
    m_number->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{0,18}")), m_number));
    m_name->setAccessibleName(tr("Name of the account"));
    m_name->setMaxLength(kMostNameLetters);
    m_save->setAccessibleName(tr("Pay this account"));
    m_cancel->setAccessibleName(tr("Cancel"));
    auto* grid = new FormGrid;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addRow(tr("Account &number"), m_number);
    grid->addRow(tr("Na&me of the account"), m_name);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::kMedium);
    for (QPushButton* button : {m_save, m_cancel}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(m_form);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(plainText(tr("An account of this coordinator: an institution of yours, or somebody else's. Its "
                                   "number and its name stand on the Institution page of whoever holds it."),
                                Rank::Muted, m_form));
    column->addLayout(grid);
    column->addLayout(buttons);
    connect(m_save, &QPushButton::clicked, this, &PayeePanel::save);
    connect(m_cancel, &QPushButton::clicked, this, [this] { openForm(false); });
    for (QLineEdit* field : {m_number, m_name}) {
        connect(field, &QLineEdit::textChanged, this, &PayeePanel::showButtons);
        connect(field, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    }
}

void PayeePanel::setSale(const api::SaleDetail& detail) {
    if (detail.row.id != m_sale) openForm(false);
    m_sale = detail.row.id;
    m_payee = detail.payee;
    setVisible(detail.mayNamePayee && m_payee);
    if (!m_payee) return;
    m_now->setText(tr("When the sale is paid, the money goes to account %1, %2.")
                       .arg(m_payee->holder.value)
                       .arg(plainLine(m_payee->name)));
}

std::optional<HolderId> PayeePanel::number() const {
    bool read = false;
    const HolderId id{m_number->text().toULongLong(&read)};
    return read && id ? std::optional(id) : std::nullopt;
}

void PayeePanel::openForm(bool open) {
    m_form->setVisible(open);
    m_change->setVisible(!open);
    if (open) m_number->setFocus();
    for (QLineEdit* field : {m_number, m_name}) field->clear();
    showButtons();
}

void PayeePanel::showButtons() { m_save->setEnabled(!m_busy && number() && !m_name->text().trimmed().isEmpty()); }

void PayeePanel::save() {
    const auto holder = number();
    if (!holder) return;
    const api::PayeeRow payee{*holder, m_name->text().trimmed().toStdString()};
    m_busy = true;
    showButtons();
    m_context.session().setPayee(
        m_sale, payee, askRaw(this, [this, payee](api::Answer<void> answer) {
            m_busy = false;
            if (answer) {
                openForm(false);
                m_banner->succeed(tr("The money of this sale goes to account %1 now.").arg(payee.holder.value));
            } else { // what was typed stays
                m_banner->refuse(answer.error());
            }
            showButtons();
        }));
}

} // namespace tallylock::ui
