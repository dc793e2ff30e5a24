//! Instruction tables, code objects, marshal, disassembly and the verifier of Taipan
