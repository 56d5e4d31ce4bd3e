#include "core/media/PdfMetadata.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

namespace tallylock::media {
namespace {

void load(QPDF& pdf, const char* data, std::size_t size) {
    pdf.setSuppressWarnings(true);
    pdf.processMemoryFile("pdf", data, size);
}

/// Writing again would break a signature.
bool isSigned(QPDF& pdf) {
    QPDFObjectHandle root = pdf.getRoot();
    if (root.hasKey("/Perms")) return true;
    QPDFObjectHandle form = root.getKey("/AcroForm");
    if (!form.isDictionary()) return false;
    QPDFObjectHandle flags = form.getKey("/SigFlags");
    return flags.isInteger() && flags.getIntValue() != 0;
}

std::string metadataOf(QPDFObjectHandle root) {
    QPDFObjectHandle stream = root.getKey("/Metadata");
    if (!stream.isStream()) return {};
    const auto data = stream.getStreamData(qpdf_dl_generalized);
    return {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()};
}

PdfBytes troubleOf(const QPDFExc& error) {
    return {error.getErrorCode() == qpdf_e_password ? PdfTrouble::Locked : PdfTrouble::Unsound, {}};
}

} // namespace

PdfBytes pdfMetadata(const char* data, std::size_t size) {
    try {
        QPDF pdf;
        load(pdf, data, size);
        return {PdfTrouble::None, metadataOf(pdf.getRoot())};
    } catch (const QPDFExc& error) {
        return troubleOf(error);
    }
}

PdfBytes pdfWithMetadata(const char* data, std::size_t size, const std::function<bool(std::string&)>& change) {
    try {
        QPDF pdf;
        pdf.setAttemptRecovery(false); // what has to be guessed is not written anew
        load(pdf, data, size);
        if (pdf.isEncrypted() || isSigned(pdf)) return {PdfTrouble::Locked, {}};
        QPDFObjectHandle root = pdf.getRoot();
        std::string metadata = metadataOf(root);
        if (!change(metadata)) return {PdfTrouble::Abandoned, {}};
        QPDFObjectHandle stream = root.getKey("/Metadata");
        if (stream.isStream()) {
            stream.replaceStreamData(metadata, QPDFObjectHandle::newNull(), QPDFObjectHandle::newNull());
        } else {
            stream = QPDFObjectHandle::newStream(&pdf, metadata);
        }
        stream.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/Metadata"));
        stream.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/XML"));
        root.replaceKey("/Metadata", stream);
        QPDFWriter writer(pdf);
        writer.setOutputMemory();
        writer.setStreamDataMode(qpdf_s_preserve);
        writer.setObjectStreamMode(qpdf_o_preserve);
        writer.setPreserveUnreferencedObjects(true);
        writer.setDeterministicID(true);
        writer.setLinearization(pdf.isLinearized());
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        return {PdfTrouble::None, {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()}};
    } catch (const QPDFExc& error) {
        return troubleOf(error);
    }
}

} // namespace tallylock::media
