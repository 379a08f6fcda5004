package main

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/math"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/bech32"
)

// spoil changes one or two places of a message, whatever they mean: mostly it fails then, and has to fail in the same words everywhere. The signer stays
// who he was; where that is not so, or the message cannot be written any more, it is left as it is.
func (w *world) spoil(message sdk.Msg) (spoilt sdk.Msg) {
	// What the SDK cannot write stops it.
	defer func() {
		if recover() != nil {
			spoilt = message
		}
	}()
	spoilt, err := w.copyOf(message)
	if err != nil {
		return message
	}
	for range w.between(1, 2) {
		if places := w.places(reflect.ValueOf(spoilt).Elem(), nil); len(places) > 0 {
			one(w.dice, places)()
		}
	}
	spoilt, err = w.copyOf(spoilt)
	if err != nil || !w.sameSigners(message, spoilt) {
		return message
	}
	return spoilt
}

// copyOf is what the bytes of a message give.
func (w *world) copyOf(message sdk.Msg) (copied sdk.Msg, err error) {
	bytes, err := message.(codec.ProtoMarshaler).Marshal()
	if err != nil {
		return nil, err
	}
	copied = reflect.New(reflect.TypeOf(message).Elem()).Interface().(sdk.Msg)
	if err := copied.(codec.ProtoMarshaler).Unmarshal(bytes); err != nil {
		return nil, err
	}
	return copied, codectypes.UnpackInterfaces(copied, w.app.Codec.InterfaceRegistry())
}

func (w *world) sameSigners(a, b sdk.Msg) bool {
	before, _, errBefore := w.app.Codec.GetMsgV1Signers(a)
	after, _, errAfter := w.app.Codec.GetMsgV1Signers(b)
	return errBefore == nil && errAfter == nil && slices.EqualFunc(before, after, slices.Equal[[]byte])
}

// places are all changes that can be made to a value, in the order of its fields. The list is given on, so that values within values add theirs.
func (w *world) places(value reflect.Value, found []func()) []func() {
	change := func(does func()) { found = append(found, does) }
	switch field := value.Addr().Interface().(type) {
	case *math.Int:
		change(func() { *field = w.oddAmount(*field) })
		return found
	case *math.LegacyDec:
		change(func() { *field = w.oddDecimal(*field) })
		return found
	case *time.Time:
		change(func() { *field = w.time.Add(w.seconds(-100, 100)) })
		return found
	case *codectypes.Any:
		return w.packedPlaces(field, found)
	}
	switch value.Kind() {
	case reflect.String:
		change(func() { value.SetString(w.oddText(value.String())) })
	case reflect.Bool:
		change(func() { value.SetBool(!value.Bool()) })
	case reflect.Int32, reflect.Int64:
		change(func() { value.SetInt(one(w.dice, []int64{0, -1, 1, value.Int() + 1, 1<<31 - 1})) })
	case reflect.Uint32, reflect.Uint64:
		change(func() { value.SetUint(one(w.dice, []uint64{0, 1, value.Uint() + 1, 1<<32 - 1})) })
	case reflect.Slice:
		found = w.listPlaces(value, found)
	case reflect.Pointer:
		change(func() { value.SetZero() })
		if !value.IsNil() {
			found = w.places(value.Elem(), found)
		}
	case reflect.Struct:
		for at := range value.NumField() {
			if value.Field(at).CanSet() {
				found = w.places(value.Field(at), found)
			}
		}
	}
	return found
}

// listPlaces are a list without elements, with one twice, backwards, and those of its elements.
func (w *world) listPlaces(value reflect.Value, found []func()) []func() {
	found = append(found, func() { value.SetZero() })
	if value.Len() == 0 {
		return found
	}
	if value.Type().Elem().Kind() == reflect.Uint8 {
		return append(found, func() { value.SetBytes(value.Bytes()[:value.Len()/2]) })
	}
	found = append(found, func() { value.Set(reflect.Append(value, value.Index(w.Intn(value.Len())))) })
	found = append(found, func() {
		for low, high := 0, value.Len()-1; low < high; low, high = low+1, high-1 {
			reflect.Swapper(value.Interface())(low, high)
		}
	})
	for at := range value.Len() {
		found = w.places(value.Index(at), found)
	}
	return found
}

// packedPlaces are those of a value of any type, which is packed again after each.
func (w *world) packedPlaces(field *codectypes.Any, found []func()) []func() {
	inner, is := field.GetCachedValue().(codec.ProtoMarshaler)
	if !is || reflect.ValueOf(inner).Kind() != reflect.Pointer {
		return found
	}
	for _, change := range w.places(reflect.ValueOf(inner).Elem(), nil) {
		found = append(found, func() {
			change()
			if bytes, err := inner.Marshal(); err == nil {
				field.Value = bytes
			}
		})
	}
	return found
}

func (w *world) oddAmount(amount math.Int) math.Int {
	huge := math.NewIntFromUint64(1 << 63).MulRaw(1 << 62).MulRaw(1 << 62).MulRaw(1 << 62)
	return one(w.dice, []math.Int{math.ZeroInt(), math.NewInt(-1), amount.Neg(), math.OneInt(), huge, amount.AddRaw(1)})
}

func (w *world) oddDecimal(decimal math.LegacyDec) math.LegacyDec {
	if decimal.IsNil() {
		decimal = math.LegacyZeroDec()
	}
	return one(w.dice, []math.LegacyDec{
		math.LegacyZeroDec(), decimal.Neg(), math.LegacyOneDec(), math.LegacySmallestDec(), decimal.Add(math.LegacyOneDec()), math.LegacyNewDec(1 << 62),
	})
}

// oddText is nothing, something that is no address, number or denomination, somebody else, or the same address of another kind or chain.
func (w *world) oddText(text string) string {
	somebody := w.anybody()
	odd := []string{
		"", " ", "x", text + "x", " " + text, strings.ToUpper(text), strings.Repeat("z", 300), strings.Repeat("long ", 3000), "-1", "0.5", "ünï \" <&>",
		w.plan.bond, w.plan.fee, w.plan.odd, somebody.address().String(), somebody.operator().String(), authority.String(),
		sdk.ConsAddress(somebody.consensus.PubKey().Address()).String(), "/cosmos.bank.v1beta1.MsgSend", `{"title":"other","summary":"summary"}`,
	}
	if _, bytes, err := bech32.DecodeAndConvert(text); err == nil {
		elsewhere, err := bech32.ConvertAndEncode("elsewhere", bytes)
		if err == nil {
			odd = append(odd, elsewhere, sdk.AccAddress(bytes).String(), sdk.ValAddress(bytes).String(), sdk.AccAddress(append(bytes, 1)).String())
		}
	}
	return one(w.dice, odd)
}

// oddFee is one that no wallet makes.
func (w *world) oddFee(fee sdk.Coins) sdk.Coins {
	coin := sdk.NewCoin(w.plan.fee, w.amount(5))
	switch w.Intn(6) {
	case 0:
		return sdk.Coins{{Denom: coin.Denom, Amount: math.ZeroInt()}}
	case 1:
		return sdk.Coins{{Denom: coin.Denom, Amount: coin.Amount.Neg()}}
	case 2:
		return sdk.Coins{coin, coin}
	case 3:
		return sdk.Coins{{Denom: one(w.dice, []string{"", "1", "nothing"}), Amount: coin.Amount}}
	case 4:
		return append(slices.Clone(fee), sdk.Coin{Denom: "AAA", Amount: math.OneInt()})
	default:
		return sdk.NewCoins(sdk.NewCoin(w.plan.fee, w.oddAmount(math.OneInt()).Abs()))
	}
}
