"""Importer of the library that is embedded in the binary."""


class EmbeddedImporter:
    """Meta path finder and loader of embedded modules."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        info = _imp._library_find(fullname)
        if info is None:
            return None
        is_package, filename = info
        spec = _bootstrap.ModuleSpec(fullname, EmbeddedImporter, origin=filename, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [filename.rpartition('/')[0]]
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        code = _imp._library_code(module.__spec__.name)
        exec(code, module.__dict__)

    @staticmethod
    def get_code(fullname):
        return _imp._library_code(fullname)

    @staticmethod
    def get_source(fullname):
        source = _imp._library_source(fullname)
        if source is None:
            raise ImportError(f'{fullname} has no embedded source', name=fullname)
        return source.decode('utf-8')

    @staticmethod
    def is_package(fullname):
        info = _imp._library_find(fullname)
        if info is None:
            raise ImportError(f'no embedded module named {fullname}', name=fullname)
        return info[0]

    @staticmethod
    def get_filename(fullname):
        info = _imp._library_find(fullname)
        if info is None:
            raise ImportError(f'no embedded module named {fullname}', name=fullname)
        return info[1]

    @staticmethod
    def get_data(path):
        prefix = _imp._library_prefix() + '/'
        if path.startswith(prefix):
            data = _imp._library_file(path[len(prefix):])
            if data is not None:
                return data
            name = path[len(prefix):].removesuffix('.py').removesuffix('/__init__').replace('/', '.')
            source = _imp._library_source(name)
            if source is not None:
                return source
        raise FileNotFoundError(2, 'No such file or directory', path)


def _install(sys, bootstrap, bootstrap_external, imp):
    global _bootstrap, _imp
    _bootstrap = bootstrap
    _imp = imp
    sys.meta_path.insert(len(sys.meta_path) - 1, EmbeddedImporter)
