//===- Translations.h - Our texts to and from MLIR --------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_TRANSLATIONS_H
#define TEZ_PIPELINE_TRANSLATIONS_H

namespace tez {

/// The translations of tez-translate, for its command line:
///   --import-blueprint   a blueprint of any form to an esper module
///   --ts-to-text         ts modules to TorchScript source, as torch prints it
/// Once a process.
void registerTranslations();

} // namespace tez

#endif // TEZ_PIPELINE_TRANSLATIONS_H
