using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>What a program holds: two entities of each kind.</summary>
public sealed class Registers
{
    public const int PerTarget = 2;

    private readonly Held?[] _held;

    public Registers() => _held = new Held?[PerTarget * Enum.GetValues<Target>().Length];

    private Registers(Held?[] held) => _held = held;

    public IEnumerable<Held> All => _held.OfType<Held>();

    public Held? this[Target target, int register]
    {
        get => _held[(int)target * PerTarget + register];
        set => _held[(int)target * PerTarget + register] = value;
    }

    public Registers Copy() => new([.. _held]);

    public void Restore(Registers copy) => copy._held.CopyTo(_held, 0);

    public Customer? Customer(int register) => this[Target.Customer, register]?.Entity as Customer;

    public Order? Order(int register) => this[Target.Order, register]?.Entity as Order;

    public Product? Product(int register) => this[Target.Product, register]?.Entity as Product;

    public Tag? Tag(int register) => this[Target.Tag, register]?.Entity as Tag;
}
