#include "ui/sell/PreviewPage.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace tallylock::ui {
namespace {

QWidget* indented(QWidget* first, QWidget* second) {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(space::kPage, 0, 0, 0);
    row->setSpacing(space::kSmall);
    row->addWidget(first);
    if (second) row->addWidget(second);
    row->addStretch();
    return box;
}

} // namespace

PreviewPage::PreviewPage(Context& context, SellForm& form, QWidget* parent)
    : SellPage(context, form, parent),
      m_ofFile(new QRadioButton(tr("A small &picture of the file"))),
      m_lines(new QRadioButton(tr("The first &lines"))),
      m_own(new QRadioButton(tr("&Another picture"))),
      m_none(new QRadioButton(tr("&None: name, kind and size only"))),
      m_count(new QSpinBox),
      m_words(new QLineEdit),
      m_mark(new QCheckBox(tr("Put a tracking &mark into it"))),
      m_markText(plainText({}, Rank::Muted)),
      m_banner(new Banner),
      m_picture(new PreviewPicture) {
    m_count->setAccessibleName(tr("Number of lines"));
    auto* lines = new QLabel(tr("lines"));
    lines->setBuddy(m_count);
    m_countRow = indented(m_count, lines);
    auto* choose = new QPushButton(tr("Choose a picture…"));
    choose->setAutoDefault(false);
    m_chooseRow = indented(choose, nullptr);

    m_words->setPlaceholderText(tr("Words across the picture"));
    m_words->setAccessibleName(tr("Words across the picture"));
    m_words->setMaxLength(60);
    m_mark->setAccessibleName(tr("Tracking mark"));

    auto* options = new QWidget;
    options->setFixedWidth(300);
    auto* column = new QVBoxLayout(options);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kSmall);
    column->addWidget(
        plainText(tr("Choose what people see before they buy. This and nothing else of the file is published.")));
    column->addSpacing(space::kSmall);
    for (QWidget* widget : {static_cast<QWidget*>(m_ofFile), static_cast<QWidget*>(m_lines), m_countRow,
                            static_cast<QWidget*>(m_own), m_chooseRow, static_cast<QWidget*>(m_none)})
        column->addWidget(widget);
    column->addSpacing(space::kSmall);
    column->addWidget(m_words);
    column->addWidget(m_banner);
    column->addSpacing(space::kMedium);
    column->addWidget(m_mark);
    column->addWidget(m_markText);
    column->addStretch();

    auto* shown = new QVBoxLayout;
    shown->setSpacing(space::kSmall);
    shown->addWidget(plainText(tr("As buyers will see it"), Rank::Muted));
    m_picture->setMaximumHeight(420);
    shown->addWidget(m_picture, 1);
    shown->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kPage);
    layout->addWidget(options);
    layout->addLayout(shown, 1);

    for (QRadioButton* option : {m_ofFile, m_lines, m_own, m_none})
        connect(option, &QRadioButton::toggled, this, [this](bool on) {
            if (on) showChosen();
        });
    connect(m_count, &QSpinBox::valueChanged, this, &PreviewPage::showChosen);
    connect(choose, &QPushButton::clicked, this, &PreviewPage::choosePicture);
    connect(m_words, &QLineEdit::textChanged, this, &PreviewPage::showChosen);
    connect(m_mark, &QCheckBox::toggled, this, &PreviewPage::showMarkChoice);
}

void PreviewPage::enter() {
    const FileLook& file = form().file;
    if (m_forPath == file.path) {
        m_count->setMaximum(qMax(1, static_cast<int>(file.lines.size())));
        showChosen(); // the file may have changed since: what is approved is what is seen now
        showMarkChoice();
        return;
    }
    m_forPath = file.path;
    m_ownPicture = {};
    m_words->clear();
    m_banner->clear();
    m_mark->setChecked(file.markForm != api::MarkForm::None);
    showMarkChoice();
    if (!file.isText && !file.pictureTrouble.isEmpty())
        m_banner->tell(tr("There is no picture of this file. %1 Choose another picture, or go on without one.")
                           .arg(file.pictureTrouble));
    const bool picture = !file.picture.isNull();
    const bool text = !file.lines.isEmpty();
    m_ofFile->setVisible(picture);
    m_lines->setText(file.isText ? tr("The first &lines") : tr("What the fi&le says of itself"));
    m_lines->setVisible(text);
    m_countRow->setVisible(text);
    m_count->setRange(1, qMax(1, static_cast<int>(file.lines.size())));
    m_count->setValue(8);
    (picture ? m_ofFile : text ? m_lines : m_none)->setChecked(true);
    showChosen();
}

QWidget* PreviewPage::firstField() {
    for (QRadioButton* option : {m_ofFile, m_lines, m_own, m_none})
        if (option->isChecked()) return option;
    return nullptr;
}

void PreviewPage::choosePicture() {
    m_own->setChecked(true);
    auto* dialog = new QFileDialog(this, tr("Choose a picture to show"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.svg)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &PreviewPage::loadPicture);
    dialog->open();
}

void PreviewPage::loadPicture(const QString& path) {
    m_banner->tell(tr("Looking into the picture…"));
    context().node().lookInto(
        path.toStdString(), askRaw(this, [this, file = m_forPath](api::Answer<api::FileLook> found) {
            if (file != m_forPath) return; // of another sale
            QImage picture = found ? imageOf(found->picture) : QImage();
            if (picture.isNull()) {
                m_banner->refuse(tr("This is not a picture that can be shown. Choose a PNG or JPEG file."));
                return;
            }
            m_banner->clear();
            m_ownPicture = std::move(picture);
            showChosen(); // what is chosen by now stays so
        }));
}

api::Preview PreviewPage::chosen() const {
    if (m_ofFile->isChecked()) return previewOf(watermarked(form().file.picture, m_words->text()));
    if (m_lines->isChecked()) return previewOf(form().file.lines, m_count->value());
    if (m_own->isChecked()) return previewOf(watermarked(m_ownPicture, m_words->text()));
    return {};
}

void PreviewPage::showMarkChoice() {
    const FileLook& file = form().file;
    const bool possible = file.markForm != api::MarkForm::None;
    m_mark->setEnabled(possible);
    form().mark = possible && m_mark->isChecked();
    QString text;
    if (!possible)
        text = tr("This file cannot be marked here.");
    else if (file.marked)
        text = tr("The file carries a mark already. A new one takes its place, %1.").arg(markFormText(file.markForm));
    else
        text = tr("Says, signed, that this asset is yours and who has owned it. Its place: %1. "
                  "Your own file stays as it is.")
                   .arg(markFormText(file.markForm));
    m_markText->setText(text);
}

void PreviewPage::showChosen() {
    m_countRow->setEnabled(m_lines->isChecked());
    m_words->setVisible(m_ofFile->isChecked() || m_own->isChecked());
    form().preview = chosen();
    m_picture->setFace(PreviewFace::of(form().preview, form().file.name, form().file.mediaType));
}

QString PreviewPage::commit() {
    if (m_own->isChecked() && m_ownPicture.isNull()) return tr("Choose the picture to show, or another preview.");
    form().preview = chosen();
    return {};
}

} // namespace tallylock::ui
