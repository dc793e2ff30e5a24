"""Attribute reads and writes on instances, slots, classes and linked nodes."""


class Node:
    limit = 1000000

    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None
        self.count = 1


class Slotted:
    __slots__ = ("x", "y", "vx", "vy")

    def __init__(self, x, y, vx, vy):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy


def insert(root, key):
    node = root
    while True:
        if key == node.key:
            node.count += 1
            return
        if key < node.key:
            if node.left is None:
                node.left = Node(key)
                return
            node = node.left
        else:
            if node.right is None:
                node.right = Node(key)
                return
            node = node.right


def walk(root):
    stack = []
    node = root
    total = 0
    depth = 0
    while stack or node is not None:
        while node is not None:
            stack.append(node)
            node = node.left
        depth = max(depth, len(stack))
        node = stack.pop()
        total = (total * 31 + node.key * node.count) % node.limit
        node = node.right
    return total, depth


def tree(count):
    root = Node(500)
    seed = 12345
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        insert(root, seed >> 8 & 0xFFF)
    return walk(root)


def move(steps):
    particles = [Slotted(i, i * 2, i % 3 - 1, i % 5 - 2) for i in range(20)]
    for _ in range(steps):
        for p in particles:
            p.x += p.vx
            p.y += p.vy
            if p.x > 100 or p.x < -100:
                p.vx = -p.vx
            if p.y > 100 or p.y < -100:
                p.vy = -p.vy
    return sum(p.x * 3 + p.y for p in particles)


print("attributes", *tree(1000000), move(100000))
