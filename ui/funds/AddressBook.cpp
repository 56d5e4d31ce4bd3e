#include "ui/funds/AddressBook.h"

#include "ui/funds/FundsModels.h"
#include "ui/kit/Ask.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/Table.h"
#include "ui/kit/Theme.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tallylock::ui {

AddressBook::AddressBook(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_rows(new AddressModel(context.units(), this)),
      m_table(new Table(tr("Address book"))),
      m_unit(new QComboBox),
      m_address(new QLineEdit),
      m_label(new QLineEdit),
      m_add(new QPushButton(tr("&Add address"))),
      m_remove(new QPushButton(tr("&Remove"))) {
    m_table->setModel(m_rows);
    m_table->setStretchColumn(AddressModel::kAddress);
    m_table->setPlaceholder(tr("No address yet. Money is only ever paid out to an address that stands here."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_table, 1);
    layout->addWidget(makeForm());
    showButtons();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AddressBook::showButtons);
    connect(m_add, &QPushButton::clicked, this, &AddressBook::add);
    connect(m_address, &QLineEdit::returnPressed, this, &AddressBook::add);
    connect(m_label, &QLineEdit::returnPressed, this, &AddressBook::add);
    connect(m_remove, &QPushButton::clicked, this, &AddressBook::remove);
}

QWidget* AddressBook::makeForm() {
    m_unit->setAccessibleName(tr("Unit of the address"));
    m_address->setAccessibleName(tr("Address or account"));
    m_address->setPlaceholderText(tr("Address or account"));
    m_label->setAccessibleName(tr("Label"));
    m_label->setPlaceholderText(tr("Label"));
    for (const api::UnitRow& unit : m_context.units().rows())
        m_unit->addItem(QString::fromStdString(unit.code), static_cast<int>(unit.id.value));
    m_remove->setAccessibleName(tr("Remove address"));
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kSmall);
    row->addWidget(m_unit);
    row->addWidget(m_address, 3);
    row->addWidget(m_label, 2);
    row->addWidget(m_add);
    row->addWidget(m_remove);
    for (QPushButton* button : {m_add, m_remove}) button->setAutoDefault(false);
    return box;
}

void AddressBook::setAddresses(const std::vector<api::PayoutAddressRow>& addresses) {
    m_rows->setRows(addresses);
    showButtons();
}

void AddressBook::setUnit(api::UnitId unit) { m_unit->setCurrentIndex(m_unit->findData(static_cast<int>(unit.value))); }

void AddressBook::showButtons() { m_remove->setEnabled(m_table->selectedRow() >= 0); }

void AddressBook::add() {
    const QString address = m_address->text().trimmed();
    if (address.isEmpty() || m_unit->currentIndex() < 0) {
        m_banner->refuse(tr("Enter an address or account to pay to."));
        m_address->setFocus();
        return;
    }
    const api::UnitId unit = m_context.units().rows()[static_cast<std::size_t>(m_unit->currentIndex())].id;
    m_add->setEnabled(false);
    const auto question = [this, unit, address = address.toStdString(),
                           label = m_label->text().trimmed().toStdString()](api::Done<std::uint64_t> done) {
        m_context.session().treasury().addPayoutAddress(unit, address, label, std::move(done));
    };
    askWithCode<std::uint64_t>(this, m_context.session(), question,
                               askRaw(this, [this](const api::Answer<std::uint64_t>& answer) {
                                   m_add->setEnabled(true);
                                   if (!answer) return m_banner->refuse(answer.error());
                                   m_address->clear();
                                   m_label->clear();
                                   m_banner->succeed(tr("The address is in the book."));
                                   emit changed();
                               }));
}

void AddressBook::remove() {
    const int row = m_table->selectedRow();
    if (row < 0) return;
    m_remove->setEnabled(false);
    m_context.session().treasury().removePayoutAddress(m_rows->rows()[static_cast<std::size_t>(row)].id,
                                                       ask(
                                                           this, m_banner,
                                                           [this] {
                                                               m_banner->succeed(tr("The address was removed."));
                                                               emit changed();
                                                           },
                                                           [this] { showButtons(); }));
}

} // namespace tallylock::ui
