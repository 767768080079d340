"""What Swift's proxy wants of memcached, in its own process: it is the only one (_s3.py)."""


class Cache(dict):
    def __bool__(self):  # also while it is empty
        return True

    def set(self, key, value, **_):
        self[key] = value

    def get(self, key, *_, **__):
        return super().get(key)

    def incr(self, key, delta=1, **_):
        self[key] = int(self.get(key) or 0) + delta
        return self[key]

    def decr(self, key, delta=1, **_):
        return self.incr(key, -delta)

    def delete(self, key, **_):
        self.pop(key, None)

    def get_multi(self, keys, *_, **__):
        return [self.get(key) for key in keys]

    def set_multi(self, mapping, *_, **__):
        self.update(mapping)


def filter_factory(*_, **__):
    def wrap(application):
        cache = Cache()

        def call(environment, start_response):
            environment["swift.cache"] = cache
            return application(environment, start_response)

        return call

    return wrap
