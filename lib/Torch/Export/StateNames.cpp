//===- StateNames.cpp - What a part of a Python module cannot be called ---===//

#include "StateNames.h"
#include "../NameTable.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;

/// Attributes that every torch.nn.Module of 2.15 has.
static constexpr StringRef ofModules[] = {"T_destination",
                                          "_apply",
                                          "_call_impl",
                                          "_compiled_call_impl",
                                          "_get_backward_hooks",
                                          "_get_backward_pre_hooks",
                                          "_get_name",
                                          "_load_from_state_dict",
                                          "_maybe_warn_non_full_backward_hook",
                                          "_named_members",
                                          "_register_load_state_dict_pre_hook",
                                          "_register_state_dict_hook",
                                          "_replicate_for_data_parallel",
                                          "_save_to_state_dict",
                                          "_slow_forward",
                                          "_version",
                                          "_wrapped_call_impl",
                                          "add_module",
                                          "apply",
                                          "bfloat16",
                                          "buffers",
                                          "call_super_init",
                                          "children",
                                          "compile",
                                          "cpu",
                                          "cuda",
                                          "double",
                                          "dump_patches",
                                          "eval",
                                          "extra_repr",
                                          "float",
                                          "forward",
                                          "get_buffer",
                                          "get_extra_state",
                                          "get_parameter",
                                          "get_submodule",
                                          "half",
                                          "ipu",
                                          "load_state_dict",
                                          "modules",
                                          "mtia",
                                          "named_buffers",
                                          "named_children",
                                          "named_modules",
                                          "named_parameters",
                                          "parameters",
                                          "register_backward_hook",
                                          "register_buffer",
                                          "register_forward_hook",
                                          "register_forward_pre_hook",
                                          "register_full_backward_hook",
                                          "register_full_backward_pre_hook",
                                          "register_load_state_dict_post_hook",
                                          "register_load_state_dict_pre_hook",
                                          "register_module",
                                          "register_parameter",
                                          "register_state_dict_post_hook",
                                          "register_state_dict_pre_hook",
                                          "requires_grad_",
                                          "set_extra_state",
                                          "set_submodule",
                                          "share_memory",
                                          "state_dict",
                                          "to",
                                          "to_empty",
                                          "train",
                                          "type",
                                          "xpu",
                                          "zero_grad"};

/// What a module that torch.export makes has besides.
static constexpr StringRef ofPrograms[] = {"_boxed_call",
                                           "_deepcopy_init",
                                           "_guards_fn",
                                           "_in_spec",
                                           "_out_spec",
                                           "_recompile_submodules",
                                           "_register_create_node_hook",
                                           "_register_deepcopy_hook",
                                           "_register_erase_node_hook",
                                           "_register_replace_node_hook",
                                           "_set_replace_hook",
                                           "_unregister_create_node_hook",
                                           "_unregister_deepcopy_hook",
                                           "_unregister_erase_node_hook",
                                           "_unregister_replace_node_hook",
                                           "add_submodule",
                                           "code",
                                           "delete_all_unused_submodules",
                                           "delete_submodule",
                                           "graph",
                                           "meta",
                                           "print_readable",
                                           "range_constraints",
                                           "recompile",
                                           "to_folder",
                                           "validate_inputs"};

std::string tez::program::refuseName(StringRef name) {
  bool isTop = true;
  for (StringRef part : llvm::split(name, '.')) {
    if (llvm::is_contained(ofModules, part) || (isTop && llvm::is_contained(ofPrograms, part)))
      return ("every module of Python has an attribute '" + part + "' already").str();
    if (isPythonKeyword(part))
      return ("the keyword '" + part + "' cannot be part of a name").str();
    if (part.find_first_of("\"\n\r") != StringRef::npos)
      return "a quote or the end of a line cannot be part of a name";
    isTop = false;
  }
  return "";
}
