"""People whose ID numbers are known; run, it prints a ledger of so many of them, to be imported before they are asked for."""
import sys


def number(nth):
    """A valid ID number of nobody: no county begins with 99."""
    body = f"99000119{40 + nth % 20}{1 + nth % 12:02}{1 + nth % 28:02}{900 + nth % 99:03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


if __name__ == "__main__":
    print("姓名,身份证号")
    for nth in range(int(sys.argv[1])):
        print(f"测量{chr(0x4E00 + nth * 7)},{number(nth)}")
