"""Code that was printed and never run."""

from regdash.lessons.demos.programs import program

SPACED = """
def dropout(x, p):
    assert 0 < = p < 1
    return x
"""

COLLIDES = """
class Module:                        # as torch.nn.Module does it
    training = True
    def eval(self):
        self.training = False

class Net(Module):
    def __init__(self, is_training):
        self.training = is_training  # the printed line

net = Net(is_training=True)
net.eval()
kept = net.training
print("is_training was True, and after net.eval() it is", net.training)
"""

RIGHT = """
class Module:
    training = True
    def eval(self):
        self.training = False

class Net(Module):
    def __init__(self, with_dropout):
        self.with_dropout = with_dropout  # a name of its own

net = Net(with_dropout=True)
net.eval()
own = net.with_dropout
print("with_dropout is still", net.with_dropout)
"""

PRINTED_CODE = program(
    "printed_code",
    "Two listings, run",
    {"As printed: a space within <=": SPACED, "As printed: a name that is taken": COLLIDES, "Put right": RIGHT},
    ("kept", "own"),
)
